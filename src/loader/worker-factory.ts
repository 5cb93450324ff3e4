import { EisenmpError } from '../errors.ts'
import { describeThrown } from '../internal/describe-thrown.ts'

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
  } catch (error) {
    throw refuse(`it threw: ${describeThrown(error)}`, error)
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'Worker')
    else Object.defineProperty(globalThis, 'Worker', before)
  }
  if (captured !== undefined) return captured
  endStray(made)
  throw refuse('it made no global Worker')
}

function refuse(problem: string, cause?: unknown): EisenmpError {
  const repair =
    "write () => new Worker(new URL('./w.ts', import.meta.url)) with the global Worker, or give the URL itself"
  const text = `Cannot load worker module from a factory: ${problem}; ${repair}`
  return new EisenmpError('ERR_EISENMP_MODULE', text, cause === undefined ? {} : { cause })
}

/** A worker of another class was really started. */
function endStray(made: unknown): void {
  const stray = made as { terminate?: () => unknown; on?: (name: string, listener: () => void) => void } | undefined
  if (typeof stray?.terminate !== 'function') return
  // Its module may fail before it has ended.
  stray.on?.('error', () => {})
  void stray.terminate()
}
