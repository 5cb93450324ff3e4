import { createRequire } from 'node:module'
import * as tasks from './tasks.ts'

interface WorkerSide {
  ThreadWorker: new (functions: object) => unknown
}

const { ThreadWorker } = createRequire(import.meta.url)('poolifier') as WorkerSide
export const worker = new ThreadWorker({ ...tasks })
