// What an answer of a thread costs with nothing but Node.
import { parentPort } from 'node:worker_threads'

parentPort!.on('message', (message) => parentPort!.postMessage(message))
