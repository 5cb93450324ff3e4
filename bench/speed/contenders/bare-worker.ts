import { parentPort } from 'node:worker_threads'
import { workMany } from '../work.ts'

parentPort!.on('message', (chunk: unknown[]) => parentPort!.postMessage(workMany(chunk)))
parentPort!.postMessage('ready')
