import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comesTrue } from './deadline.ts'
import { MARKER_NAME, countThreads, isOpenSomewhere, listDescriptors, listMarked } from './proc.ts'

/** What is open now has this long to close: the end of a process is heard of by several events. */
const SETTLE_MS = 3000
const SHARED_MEMORY = '/dev/shm'

/** Counts by name, so that a difference shows what is left. */
export type Stock = Readonly<Record<string, number>>

const home = mkdtempSync(join(tmpdir(), 'eisenmp-faults-'))
/** Files of the tests themselves: outside of what is counted. */
export const scratch: string = mkdtempSync(join(tmpdir(), 'eisenmp-faults-scratch-'))
export const marker: string = randomUUID()

// Inherited by all that is started from here on. The package's temporary files land where only these tests look.
process.env['TMPDIR'] = home
process.env[MARKER_NAME] = marker
// A worker compiles some twenty modules at its start: once for all workers of a run is enough.
process.env['NODE_COMPILE_CACHE'] = join(scratch, 'compiled')
process.on('exit', () => {
  for (const folder of [home, scratch]) rmSync(folder, { recursive: true, force: true })
})

function count(stock: Record<string, number>, kind: string, names: Iterable<string>): void {
  for (const name of names) {
    const key = `${kind} ${name}`
    stock[key] = (stock[key] ?? 0) + 1
  }
}

function listSharedFiles(): string[] {
  return existsSync(SHARED_MEMORY) ? readdirSync(SHARED_MEMORY).filter((name) => name.startsWith('eisenmp')) : []
}

/** What this process and its descendants hold at this moment. */
export function takeStock(): Stock {
  const stock: Record<string, number> = {}
  count(stock, 'resource', process.getActiveResourcesInfo())
  count(stock, 'descriptor', listDescriptors())
  count(
    stock,
    'process',
    listMarked(marker).map(({ command }) => command),
  )
  count(stock, 'temporary file', readdirSync(home))
  count(stock, 'shared file', listSharedFiles())
  for (const [kind, emitter] of [
    ['process', process],
    ['stdout', process.stdout],
    ['stderr', process.stderr],
  ] as const) {
    for (const name of emitter.eventNames()) stock[`${kind} listener ${String(name)}`] = emitter.listenerCount(name)
  }
  stock['threads'] = countThreads()
  return stock
}

/** What is there now and was not before. Less than before is no leak, but of listeners, which somebody else wants. */
function findSurplus(before: Stock): Stock {
  const now = takeStock()
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  const surplus = [...names].flatMap((name) => {
    const more = (now[name] ?? 0) - (before[name] ?? 0)
    return more > 0 || (more < 0 && name.includes(' listener ')) ? [[name, more] as const] : []
  })
  return Object.fromEntries(surplus)
}

/** Other programs on this machine use the package as well: what they hold open is not ours. */
function isOurs(name: string): boolean {
  if (!name.startsWith('shared file ')) return true
  return !isOpenSomewhere(join(SHARED_MEMORY, name.slice('shared file '.length)))
}

/** Nothing is left of what was opened since `before`. */
export async function assertBalanced(before: Stock): Promise<void> {
  if (await comesTrue(() => Object.keys(findSurplus(before)).length === 0, SETTLE_MS)) return
  const left = Object.entries(findSurplus(before)).filter(([name]) => isOurs(name))
  assert.deepEqual(Object.fromEntries(left), {}, 'something is left behind')
}
