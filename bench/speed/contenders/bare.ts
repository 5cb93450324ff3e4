import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Contender, WORKERS, cut } from './contender.ts'

/** Chunks that a worker holds: one that it works on and one that waits. */
const AHEAD = 2

/** Threads and messages, and nothing that minds a fault: what one would write in an hour. */
export class BarePool {
  readonly #workers: readonly Worker[]
  #use: (worker: Worker, results: readonly number[]) => void = () => undefined
  #fail: (error: Error) => void = () => undefined

  constructor(workers: number = WORKERS) {
    const file = new URL('./bare-worker.ts', import.meta.url)
    this.#workers = Array.from({ length: workers }, () => new Worker(file))
  }

  async open(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => once(worker, 'message')))
    for (const worker of this.#workers) {
      worker.on('message', (results: number[]) => this.#use(worker, results))
      worker.on('error', (error) => this.#fail(error))
    }
  }

  sum(chunks: Iterator<unknown[], unknown>): Promise<number> {
    return new Promise((resolve, reject) => {
      let sum = 0
      let open = 0
      const send = (worker: Worker): void => {
        const { done, value } = chunks.next()
        if (done === true) return
        open++
        worker.postMessage(value)
      }
      this.#fail = reject
      this.#use = (worker, results) => {
        open--
        send(worker)
        for (const result of results) sum += result
        if (open === 0) resolve(sum)
      }
      for (let i = 0; i < AHEAD; i++) for (const worker of this.#workers) send(worker)
      if (open === 0) resolve(sum)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

export const bare: Contender = {
  name: 'bare worker_threads, chunks by hand',
  open: async ({ items: length }) => {
    const pool = new BarePool()
    await pool.open()
    return { sum: (items) => pool.sum(cut(items(), length)), close: () => pool.close() }
  },
}
