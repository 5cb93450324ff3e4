import { createRequire } from 'node:module'
import * as tasks from './tasks.ts'

interface WorkerSide {
  ClusterWorker: new (functions: object) => unknown
}

const { ClusterWorker } = createRequire(import.meta.url)('poolifier') as WorkerSide
export const worker = new ClusterWorker({ ...tasks })
