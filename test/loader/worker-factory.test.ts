import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { Worker as NodeWorker } from 'node:worker_threads'
import { EisenmpError } from '../../src/errors.ts'
import { captureWorkerUrl } from '../../src/loader/worker-factory.ts'

type WorkerClass = new (url: URL | string, options?: { type: 'module' }) => unknown
const url = new URL('./w.ts', import.meta.url)

/** As a bundler writes it: the class is looked up when the factory is called. */
function make(given: URL | string): unknown {
  return new (globalThis as unknown as { Worker: WorkerClass }).Worker(given, { type: 'module' })
}

describe('captureWorkerUrl()', () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'Worker')
  })

  it('gives the URL that the factory would start a worker with, and starts none', () => {
    assert.equal(
      captureWorkerUrl(() => make(url)),
      url,
    )
    assert.equal(
      captureWorkerUrl(() => make('./w.js')),
      './w.js',
    )
    assert.equal(
      captureWorkerUrl(async () => make(url)),
      url,
    )
  })

  it('leaves the global Worker as it was', () => {
    captureWorkerUrl(() => make(url))
    assert.ok(!('Worker' in globalThis))
    class Polyfill {
      url = url
    }
    Object.defineProperty(globalThis, 'Worker', { value: Polyfill, configurable: true })
    captureWorkerUrl(() => make(url))
    assert.throws(() => captureWorkerUrl(() => assert.fail()), EisenmpError)
    assert.equal((globalThis as { Worker?: unknown }).Worker, Polyfill)
  })

  it('refuses a factory that makes something else, and ends it', async () => {
    const code = 'ERR_EISENMP_MODULE'
    assert.throws(() => captureWorkerUrl(() => undefined), { code, message: /made no global Worker; write \(\) =>/ })
    let ended: Promise<unknown> | undefined
    const start = (): unknown => {
      const worker = new NodeWorker(new URL('data:text/javascript,throw new Error("unheard")'))
      ended = new Promise((resolve) => worker.on('exit', resolve))
      return worker
    }
    assert.throws(() => captureWorkerUrl(start), { code })
    await ended
  })

  it('refuses a factory that throws, with the cause', () => {
    const cause = new RangeError('no luck')
    const fail = (): never => {
      throw cause
    }
    assert.throws(() => captureWorkerUrl(fail), {
      code: 'ERR_EISENMP_MODULE',
      cause,
      message: /it threw: RangeError: no luck/,
    })
  })
})
