import { EisenmpError } from '../errors.ts'

/**
 * Finds out which module a factory `() => new Worker(new URL(…))` means, without starting a worker.
 *
 * The factory is called once, synchronously, with a stand-in for the global `Worker` that only keeps the URL. A factory
 * that uses the class of `node:worker_threads` cannot be asked that way and is refused.
 */
export function captureWorkerUrl(factory: () => unknown): URL | string {
  let captured: URL | string | undefined
  class CapturedWorker {
    constructor(url: URL | string) {
      captured = url
    }
  }
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker')
  Object.defineProperty(globalThis, 'Worker', { value: CapturedWorker, configurable: true, writable: true })
  let made: unknown
  try {
    made = factory()
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'Worker')
    else Object.defineProperty(globalThis, 'Worker', before)
  }
  if (captured !== undefined) return captured
  const stray = made as { terminate?: () => unknown } | undefined
  if (typeof stray?.terminate === 'function') void stray.terminate()
  const repair =
    "write () => new Worker(new URL('./w.ts', import.meta.url)) with the global Worker, or give the URL itself"
  throw new EisenmpError(
    'ERR_EISENMP_MODULE',
    `Cannot load worker module from a factory: it made no global Worker; ${repair}`,
  )
}
