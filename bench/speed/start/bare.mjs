import { Worker, isMainThread, parentPort } from 'node:worker_threads'

if (isMainThread) {
  const workers = [0, 1].map(() => new Worker(new URL(import.meta.url)))
  const result = await new Promise((resolve) => {
    workers[0].once('message', resolve)
    workers[0].postMessage(7)
  })
  console.log(result, performance.now())
  await Promise.all(workers.map((worker) => worker.terminate()))
} else {
  const { square } = await import('./square.mjs')
  parentPort.on('message', (n) => parentPort.postMessage(square(n)))
}
