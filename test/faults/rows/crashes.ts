import type { Deed, Fault, Place } from '../../fixtures/faults.worker.ts'
import type { ItemsRow, Row } from '../row.ts'
import { newPath } from '../scene.ts'

const COUNT = 9
/** In the middle of the second chunk. */
const FAULTY = 4

const both = ['threads', 'processes'] as const
const processes = ['processes'] as const

/** Honest items with one faulty one among them. */
export function around(fault: Omit<Fault, 'id'>, count: number = COUNT, faulty: number = FAULTY): () => Fault[] {
  return () => Array.from({ length: count }, (_, id) => (id === faulty ? { ...fault, id } : { id }))
}

export function once(fault: Omit<Fault, 'id'>): () => Fault[] {
  return () => around({ ...fault, once: newPath() })()
}

interface Death {
  /** As poison on threads only: on processes the same path is taken as by the others, at half a second per start. */
  readonly isBrief?: boolean
  readonly do: Deed
  readonly arg?: number | string
  readonly at?: Place
  readonly covers: ItemsRow['covers']
  readonly on?: ItemsRow['on']
  readonly says?: RegExp
}

/** Ways to die with an item in hand: done always, the item is poison; done once, it arrives. */
const deaths: readonly Death[] = [
  { do: 'exit', arg: 0, covers: ['F4'], says: /exited with code 0/ },
  { do: 'exit', arg: 300, isBrief: true, covers: ['F4'], says: /exited with code (300|44)/ },
  { do: 'exitLater', arg: 1, at: 'middle', covers: ['F4'], says: /exited with code 1/ },
  { do: 'exit', arg: 3, at: 'exitHandler', isBrief: true, covers: ['F4'], says: /exited with code 3/ },
  { do: 'exit', arg: 1, at: 'serialize', covers: ['F4', 'F18'], says: /exited with code 1/ },
  { do: 'throw', at: 'gc', isBrief: true, covers: ['F3'], says: /thrown on purpose|code 1/ },
  { do: 'abort', isBrief: true, covers: ['F11'], on: processes, says: /SIGABRT/ },
  { do: 'signal', arg: 'SIGKILL', covers: ['F11'], on: processes, says: /SIGKILL/ },
  { do: 'signal', arg: 'SIGSEGV', at: 'middle', covers: ['F11'], on: processes, says: /SIGSEGV/ },
  { do: 'signal', arg: 'SIGBUS', at: 'serialize', isBrief: true, covers: ['F11'], on: processes, says: /SIGBUS/ },
]

function describe({ do: deed, arg, at }: Death): string {
  return `${deed}${arg === undefined ? '' : ` ${arg}`}${at === undefined ? '' : ` at ${at}`}`
}

function toFault({ do: deed, arg, at }: Death): Omit<Fault, 'id'> {
  return { do: deed, ...(arg !== undefined && { arg }), ...(at && { at }) }
}

const poisonRows = deaths.map((death): ItemsRow => ({
  kind: 'items',
  name: `${describe(death)}: the one item becomes the dead letter, its neighbours arrive`,
  covers: ['P1', 'P2', 'P5', 'P8', 'P13', 'P21', ...death.covers],
  on: (death.on ?? both).filter((backend) => death.isBrief !== true || backend === 'threads'),
  items: around(toFault(death)),
  pool: { retries: { crash: 1 } },
  dead: { [FAULTY]: { code: 'ERR_EISENMP_CRASH', deaths: 2, ...(death.says && { says: death.says }) } },
}))

const onceRows = deaths.map((death): ItemsRow => ({
  kind: 'items',
  name: `${describe(death)} once: every item arrives`,
  covers: ['P1', 'P2', 'P5', 'P13', ...death.covers],
  on: death.on ?? both,
  items: once(toFault(death)),
  restarts: 1,
}))

export const crashRows: readonly Row[] = [...poisonRows, ...onceRows]
