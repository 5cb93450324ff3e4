import { createRequire } from 'node:module'
import * as tasks from './tasks.ts'

interface WorkerSide {
  worker(methods: object): void
}

const workerpool = createRequire(import.meta.url)('workerpool') as WorkerSide
workerpool.worker({ ...tasks })
