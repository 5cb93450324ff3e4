import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

/** A namespace of one's own goes with its last process, and the adapters with it. */
function runInNamespace(...command: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('unshare', ['--map-root-user', '--net', ...command], { encoding: 'utf8', timeout: 30_000 })
}

/** Why there can be no network of one's own here; `false` when there can. */
function findObstacle(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are there on Linux only'
  const tried = runInNamespace('ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far')
  if (tried.error !== undefined) return `there is no command unshare: ${tried.error.message}`
  return tried.status === 0 ? false : `this system allows no network namespaces: ${tried.stderr.trim()}`
}

describe('groups at two adapters', () => {
  it('answer at their own adapter only, seen from another machine', { skip: findObstacle() }, () => {
    const program = fileURLToPath(new URL('../../fixtures/programs/two-adapters.ts', import.meta.url))
    const { status, stdout, stderr } = runInNamespace(process.execPath, program)
    assert.equal(status, 0, stderr)
    const told = JSON.parse(stdout) as {
      readonly rows: readonly { readonly worker: string; readonly address: string; readonly port: number }[]
      readonly listening: readonly string[]
      readonly outside: readonly string[]
      readonly byOtherCable: string
      readonly inside: string
    }
    const planned = told.rows.map(({ worker, address, port }) => `${worker} ${address}:${port}`)
    assert.deepEqual(planned, [
      'red-0 192.168.0.1:11000',
      'red-1 192.168.0.1:11001',
      'blue-0 192.168.0.3:15000',
      'blue-1 192.168.0.3:15001',
      'green-0 192.168.0.3:11000',
    ])
    assert.deepEqual(told.listening.toSorted(), planned.map((row) => row.split(' ')[1]!).toSorted())
    const refused = 'ECONNREFUSED'
    assert.deepEqual(told.outside, ['red-0.0', 'red-1.0', refused, 'green-0.0', refused, 'blue-0.0', 'blue-1.0'])
    assert.equal(told.inside, refused)
    // Linux binds to addresses, not to cards: docs/port-groups.md says so.
    assert.equal(told.byOtherCable, 'blue-0.0')
  })
})
