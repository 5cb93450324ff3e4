import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { clients, units } from '../scripts/layers.ts'

type Plant = readonly [file: string, statement: string]
type Finding = {
  readonly code: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

const root = fileURLToPath(new URL('..', import.meta.url))

const forbidden: readonly Plant[] = [
  ['errors.ts', "import './pool/pool.ts'"],
  ['errors.ts', "import './options.ts'"],
  ['options.ts', "import type { Chunk } from './protocol/messages.ts'"],
  ['telemetry.ts', "import { channel } from 'node:diagnostics_channel'"],
  ['internal/deferred.ts', "import '../codec/snapshot.ts'"],
  ['internal/deferred.ts', "export { readFile } from 'node:fs/promises'"],
  ['codec/snapshot.ts', "import { Buffer } from 'node:buffer'"],
  ['codec/snapshot.ts', "import '../protocol/messages.ts'"],
  ['protocol/messages.ts', "import type { State } from '../dispatch/state.ts'"],
  ['stream/reorder.ts', "import '../queue.ts'"],
  ['stream/reorder.ts', "export * from '../pool/pool.ts'"],
  ['dispatch/state.ts', "import '../backends/threads.ts'"],
  ['dispatch/deep/state.ts', "import '../../pool/pool.ts'"],
  ['dispatch/deep/deeper/state.ts', "import type { Worker } from 'node:worker_threads'"],
  ['queue.ts', "import './queues/memory.ts'"],
  ['backend.ts', "import './backends/threads.ts'"],
  ['queues/memory.ts', "import '../backends/threads.ts'"],
  ['loader/load.ts', "import '../pool/pool.ts'"],
  ['tools/share.ts', "import '../loader/load.ts'"],
  ['sources/lines.ts', "import '../engine.ts'"],
  ['backends/threads.ts', "import '../supervisor/restart.ts'"],
  ['backends/entries/thread.ts', "import '../../pool/pool.ts'"],
  ['pool/pool.ts', "import '../backends/threads.ts'"],
  ['pool/pool.ts', "import '../queues/memory.ts'"],
  ['pool/pool.ts', "import '../engine.ts'"],
  ['pool/pool.ts', "import '../index.ts'"],
  ['pool/pool.ts', "export const late = (): Promise<unknown> => import('../backends/threads.ts')"],
  ['pool/deep/part.ts', "import '../../backends/entries/thread.ts'"],
  ['supervisor/restart.ts', "import '../pool/pool.ts'"],
  ['supervisor/restart.ts', "import '../backends/processes.ts'"],
  ['engine.ts', "import './server/serve.ts'"],
  ['engines/local.ts', "import '../server/serve.ts'"],
  ['server/serve.ts', "import '../index.ts'"],
  ['server/serve.ts', "import '../cli/main.ts'"],
  ['index.ts', "import './cli/main.ts'"],
  ['browser.ts', "import 'node:os'"],
  ['cli/main.ts', "import '../pool/pool.ts'"],
  ['cli/main.ts', "import '../errors.ts'"],
  ['dashboard/pages/page.ts', "import '../../server/serve.ts'"],
  ['testing/contracts.ts', "import '../cli/main.ts'"],
]

const legal: readonly Plant[] = [
  ['options.ts', "import './errors.ts'"],
  ['internal/deferred.ts', "import '../errors.ts'"],
  ['codec/snapshot.ts', "import '../internal/deferred.ts'"],
  ['protocol/messages.ts', "import '../codec/snapshot.ts'"],
  ['dispatch/state.ts', "import './events.ts'"],
  ['dispatch/deep/state.ts', "import '../events.ts'"],
  ['dispatch/state.ts', "import type { Message } from '../protocol/messages.ts'"],
  ['queues/memory.ts', "import '../queue.ts'"],
  ['backends/threads.ts', "import '../backend.ts'; import { Worker } from 'node:worker_threads'"],
  [
    'backends/entries/thread.ts',
    "import '../../loader/load.ts'; import '../../queues/memory.ts'; import '../threads.ts'",
  ],
  [
    'pool/pool.ts',
    "import '../backend.ts'; import '../queue.ts'; import '../supervisor/restart.ts'; import './worker.ts'",
  ],
  ['supervisor/restart.ts', "import '../dispatch/state.ts'"],
  ['engines/local.ts', "import '../engine.ts'; import '../pool/pool.ts'"],
  ['server/serve.ts', "import '../pool/pool.ts'; import 'node:net'"],
  ['index.ts', "import './backends/threads.ts'; import './pool/pool.ts'; import './server/serve.ts'"],
  ['cli/main.ts', "import '../index.ts'; import './help.ts'"],
  ['cli/commands/run.ts', "import '../../index.ts'; import '../help.ts'"],
]

const elsewhere: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['import(no-default-export)', 'pool/plain.ts', 'export default 1\n'],
  ['typescript(no-explicit-any)', 'pool/loose.ts', 'export const loose: any = 1\n'],
  ['import(no-cycle)', 'pool/one.ts', "import { two } from './two.ts'\nexport const one = (): number => two\n"],
  ['import(no-cycle)', 'pool/two.ts', "import { one } from './one.ts'\nexport const two = one()\n"],
  [
    'typescript(no-floating-promises)',
    'pool/forgotten.ts',
    'export const go = (): void => {\n  Promise.resolve(1)\n}\n',
  ],
]

describe('the layers', () => {
  let folder = ''
  let findings: readonly Finding[] = []
  /** File to its lines: all statements of a file are planted in it together, one a line. */
  const planted = new Map<string, string[]>()

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'eisenmp-layers-'))
    for (const path of ['oxlint.config.ts', 'tsconfig.json', 'package.json', 'scripts/layers.ts']) {
      cpSync(join(root, path), join(folder, path))
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [file, statement] of [...forbidden, ...legal]) {
      planted.set(file, [...(planted.get(file) ?? []), statement])
    }
    for (const [file, lines] of planted) write(file, lines.join('\n'))
    for (const [, file, text] of elsewhere) write(file, text)
    findings = lint()
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  function write(file: string, text: string): void {
    const path = join(folder, 'src', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  function lint(): Finding[] {
    const command = [join(root, 'node_modules/oxlint/bin/oxlint'), '--format', 'json', 'src']
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
    assert.match(stdout, /^\{/, `oxlint said: ${stdout}${stderr}`)
    return (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics
  }

  function isFound(rule: string, file: string, statement?: string): boolean {
    const line = statement === undefined ? undefined : (planted.get(file)?.indexOf(statement) ?? -1) + 1
    return findings.some(({ code, filename, labels }) => {
      return code === rule && filename === `src/${file}` && (line === undefined || labels[0]?.span.line === line)
    })
  }

  for (const [file, statement] of forbidden) {
    it(`refuse in ${file}: ${statement}`, () => assert.ok(isFound('eslint(no-restricted-imports)', file, statement)))
  }

  for (const [file, statement] of legal) {
    it(`allow in ${file}: ${statement}`, () => assert.ok(!isFound('eslint(no-restricted-imports)', file, statement)))
  }

  for (const [rule, file, text] of elsewhere) {
    it(`are linted by ${rule}: ${file}`, () => assert.ok(isFound(rule, file), text))
  }

  it('have a place for every file and folder of src/', () => {
    const known = [...Object.keys(units), ...clients]
    assert.deepEqual(
      readdirSync(join(root, 'src')).filter((name) => !known.includes(name)),
      [],
    )
  })
})
