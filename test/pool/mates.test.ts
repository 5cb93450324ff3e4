import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { EisenmpError, createPool } from '../../src/index.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
folder.write('package.json', '{ "type": "module" }')
after(() => folder.remove())

const never = 'await new Promise(() => setInterval(() => {}, 1000))'
const main = folder.write('main.ts', 'export const work = (): number => 1')

const blocked: readonly (readonly [what: string, file: string, text: string, says: RegExp])[] = [
  ['never ends at its top', 'idle-top.ts', never, /it was loading its mate 'idle-top\.ts'/],
  ['spins at its top', 'busy-top.ts', 'for (;;);', /it was loading its mate 'busy-top\.ts'/],
  [
    'never returns',
    'idle.ts',
    `export default async (): Promise<void> => { ${never} }`,
    /'default' of its mate 'idle\.ts' had not returned; raise startTimeoutMs, or look for an await that never resolves/,
  ],
  ['spins', 'busy.ts', 'export default (): void => { for (;;); }', /'default' of its mate 'busy\.ts' had not returned/],
]

async function refuse(
  modules: readonly string[],
  backend: 'threads' | 'processes' | 'inline',
  startTimeoutMs = 60_000,
): Promise<EisenmpError> {
  const options = { modules, backend, workers: 1, startTimeoutMs }
  const error: unknown = await createPool(options).then(
    () => assert.fail('it has started'),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error), String(error))
  return error
}

for (const backend of ['threads', 'processes'] as const) {
  describe(`mates, ${backend}`, () => {
    // Long enough to get there on a busy machine.
    const limitMs = backend === 'threads' ? 2500 : 5000
    for (const [what, file, text, says] of blocked) {
      it(`are named when one ${what}`, async () => {
        const good = folder.write(`good-${file}`, 'export default (): void => {}')
        const { code, message } = await refuse([main, good, folder.write(file, text), good], backend, limitMs)
        assert.equal(code, 'ERR_EISENMP_START')
        assert.match(message, /^Cannot start worker 0\.1 within startTimeoutMs: \d+ ms have passed, and /)
        assert.match(message, says)
      })
    }

    for (const [what, text] of [
      ['spins', 'for (;;);'],
      ['waits for ever', never],
    ]) {
      it(`are not blamed for a main module that ${what} at its top`, async () => {
        const mate = folder.write('good.ts', 'export default (): void => {}')
        const { code, message } = await refuse([folder.write('main-blocked.ts', text!), mate], backend, limitMs)
        assert.equal(code, 'ERR_EISENMP_START')
        assert.match(
          message,
          /it was loading its main module 'main-blocked\.ts'; raise startTimeoutMs, or look for a top-level/,
        )
      })
    }

    it('are named when one throws or rejects, with what it threw', async () => {
      for (const text of ["throw new RangeError('no luck')", "await Promise.reject(new RangeError('no luck'))"]) {
        const mate = folder.write('failing.ts', `export default async (): Promise<void> => { ${text} }`)
        const { code, message, cause } = await refuse([main, mate], backend)
        assert.equal(code, 'ERR_EISENMP_MODULE')
        assert.match(message, /failing\.ts: the 'default' of this mate threw: RangeError: no luck/)
        assert.ok(cause instanceof RangeError)
      }
    })

    it('are named when one ends its worker', async () => {
      const mate = folder.write('leaving.ts', 'export default (): void => { process.exit(7) }')
      const { code, message } = await refuse([main, mate], backend)
      assert.equal(code, 'ERR_EISENMP_START')
      assert.match(message, /exited with code 7, and 'default' of its mate 'leaving\.ts' had not returned/)
    })

    it('start last first, and then the main module, all with the same toolbox', async () => {
      const note = (name: string): string =>
        `export default async (toolbox: { shared: { order?: string[] } }): Promise<void> => {
          await null
          toolbox.shared.order = [...(toolbox.shared.order ?? []), '${name}']
        }`
      const modules = [
        folder.write(
          'order.ts',
          'export const read = (_: number, toolbox: { shared: object }): object => toolbox.shared',
        ),
        ...['one', 'two', 'three'].map((name) => folder.write(`${name}.ts`, note(name))),
      ]
      const pool = await createPool({ modules, backend, workers: 1 })
      assert.deepEqual(await pool.run('read', 0), { order: ['three', 'two', 'one'] })
      await pool.close()
    })
  })
}

describe('mates, inline', () => {
  for (const way of ['close', 'destroy'] as const) {
    it(`hear of the end of their worker by its signal, also in the program's own thread: ${way}`, async () => {
      const text = `export default ({ signal }: { signal: AbortSignal }): void => signal.addEventListener('abort', () => {
        Reflect.set(globalThis, 'ended-${way}', true)
      })`
      const pool = await createPool({ modules: [main, folder.write(`listening-${way}.ts`, text)], backend: 'inline' })
      assert.equal(Reflect.get(globalThis, `ended-${way}`), undefined)
      await pool[way]()
      assert.equal(Reflect.get(globalThis, `ended-${way}`), true)
      Reflect.deleteProperty(globalThis, `ended-${way}`)
    })
  }

  it('are named when one never returns', async () => {
    const mate = folder.write('idle-inline.ts', 'export default (): Promise<void> => new Promise(() => {})')
    const { message } = await refuse([main, mate], 'inline', 1000)
    assert.match(message, /'default' of its mate 'idle-inline\.ts' had not returned/)
  })
})
