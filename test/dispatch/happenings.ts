import type { ResultsEvent } from '../../src/dispatch/events.ts'
import { MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import type { SimulatedWorker } from './simulated-worker.ts'
import type { SimulatedSource, SimulatedWorld } from './simulated-world.ts'

/** Something that may happen next; `false` when it cannot. `pick` chooses which worker, job or event it concerns. */
type Happening = (world: SimulatedWorld, pick: number) => boolean

function some<Element>(list: readonly Element[], pick: number, attempt: (element: Element) => boolean): boolean {
  for (let i = 0; i < list.length; i++) if (attempt(list[(pick + i) % list.length]!)) return true
  return false
}

function ofWorker(attempt: (worker: SimulatedWorker, world: SimulatedWorld, pick: number) => boolean): Happening {
  return (world, pick) => some(world.workers, pick, (worker) => attempt(worker, world, pick))
}

function ofSource(attempt: (source: SimulatedSource, world: SimulatedWorld, pick: number) => boolean): Happening {
  return (world, pick) => some(world.sources, pick, (source) => attempt(source, world, pick))
}

const start = ofWorker((worker) => worker.start())
const deliver = ofWorker((worker, world) => world.deliver(worker))
const receive = ofWorker((worker) => worker.receive())
const advance = ofWorker((worker) => worker.advance())
const postPart = ofWorker((worker) => worker.postPart())
const giveBack = ofWorker((worker) => worker.giveBack())
const finishLate = ofWorker((worker) => worker.finishLate())

/** As far as it comes without news. */
const work = ofWorker((worker) => {
  if (!worker.advance()) return false
  while (worker.advance());
  return true
})

const give = ofSource(({ job }, world) => {
  if (!job.isPulling) return false
  world.give(world.sources[job.id]!)
  return true
})

const call: Happening = (world) => {
  const [calls] = world.sources
  if (calls === undefined || calls.job.isCancelled || calls.chunks.length === calls.sizes.length) return false
  world.give(calls)
  return true
}

/** In order, or whatever is there. */
const consume = ofSource(({ job }, world, pick) => {
  const chunks = [...job.chunks.values()]
  if (job.spec.ordered) chunks.length = Math.min(1, chunks.length)
  return some(chunks, pick, ({ open, serial }) => {
    if (open > 0) return false
    world.post({ type: 'consumed', job: job.id, serial })
    return true
  })
})

const terminate = ofWorker((worker, _world, pick) => worker.isEnding && worker.die('ended by the pool', pick % 2 === 1))

const overdue: Happening = (world, pick) => {
  if (world.timers.length === 0) return false
  const [timer] = world.timers.splice(pick % world.timers.length, 1)
  world.post({ type: 'overdue', ...timer! })
  return true
}

const clock = ofWorker((worker, world) => {
  if (worker.stuckAt === undefined || worker.reportedAt === worker.stuckAt) return false
  worker.reportedAt = worker.stuckAt
  world.reportTimeout(worker)
  return true
})

/** The pool looks again and again. */
const clockAgain = ofWorker((worker, world) => {
  if (worker.stuckAt === undefined) return false
  world.reportTimeout(worker)
  return true
})

const stalled = ofWorker((worker, world) => {
  if (worker.run === undefined) return false
  world.post({ type: 'stalled', worker: worker.id, unit: worker.run.unit.id })
  return true
})

/** The pool is made smaller. */
const retire = ofWorker((worker, world, pick) => {
  if (pick % 16 !== 15 || !world.ledger.workers.has(worker.id)) return false
  world.post({ type: 'retire', worker: worker.id })
  return true
})

const repeat: Happening = (world, pick) => {
  if (world.stale.length === 0) return false
  world.post(world.stale[pick % world.stale.length]!)
  return true
}

/** An answer of this worker to a unit that it has, but to another sending of it. */
const answerOldAttempt = ofWorker((worker, world) => {
  const unit = world.ledger.workers.get(worker.id)?.held[0]?.unit
  if (unit === undefined) return false
  const { id, attempt, count } = unit
  const answer = { count, last: true, failures: [], heapMb: 1 }
  world.post({ type: 'results', worker: worker.id, unit: id, attempt: attempt - 1, ...answer })
  return true
})

const cancelChunk = ofSource(({ job }, world, pick) => {
  const serials = [...job.chunks.keys()]
  const serial = serials[(pick >> 2) % Math.max(1, serials.length)]
  if (serial === undefined || pick % 4 !== 3) return false
  world.post({ type: 'cancelled', job: job.id, serial })
  return true
})

const cancelJob = ofSource(({ job }, world, pick) => {
  if (job.isCancelled || pick % 8 !== 7) return false
  world.post({ type: 'cancelled', job: job.id })
  return true
})

const close: Happening = (world, pick) => {
  if (world.ledger.isClosing || pick % 32 !== 31) return false
  world.post({ type: 'closing' })
  return true
}

const die = ofWorker((worker, _world, pick) => worker.die('killed', pick % 4 < 2))

const dieUnreadable = ofWorker((worker) => {
  if (!worker.die('killed', true)) return false
  worker.mark = undefined
  return true
})

const dieWithNonsense = ofWorker((worker, _world, pick) => {
  if (worker.mark === undefined || !worker.die('killed', false)) return false
  worker.mark = { ...worker.mark, offset: [Number.NaN, 0.5, 1e9, -7][pick % 4]! }
  return true
})

/** Its mark may say anything then. */
const breakProtocol = ofWorker((worker, world, pick) => {
  const held = world.ledger.workers.get(worker.id)?.held ?? []
  if (held.length === 0 || worker.mark === undefined || !worker.die('killed', false)) return false
  worker.breaks = true
  worker.mark = { unit: held[pick % held.length]!.unit.id, offset: pick % 3, startedAtMs: 1 }
  return true
})

/** An older one is unanswered all the same: its answer is lost, against what workers promise. */
const dieWithMarkOfNext = ofWorker((worker, world) => {
  const next = world.ledger.workers.get(worker.id)?.held[1]
  if (next === undefined || worker.outbox.length > 0 || !worker.die('killed', false)) return false
  worker.mark = { unit: next.unit.id, offset: 0, startedAtMs: 1 }
  return true
})

const failToStart = ofWorker((worker, world) => {
  if (worker.state !== 'starting') return false
  world.remove(worker)
  const death = { worker: worker.id, code: 1, signal: null, reason: 'cannot start', stderr: '' }
  world.post({ type: 'gone', worker: worker.id, mark: undefined, death })
  world.spawn()
  return true
})

const startTwice = ofWorker((worker, world) => {
  if (!world.ledger.workers.has(worker.id)) return false
  world.post({ type: 'ready', worker: worker.id })
  return true
})

/** Any item in work can be slow on a bad day. */
const clockWrong = ofWorker((worker, world) => {
  if (worker.state !== 'up' || worker.run?.phase !== 'during') return false
  world.reportTimeout(worker)
  return true
})

/** It does not even begin. */
const clockUnstarted = ofWorker((worker, world) => {
  const held = world.ledger.workers.get(worker.id)?.held[0]
  if (worker.state !== 'up' || worker.run !== undefined || held === undefined) return false
  world.post({ type: 'timedOut', worker: worker.id, unit: held.unit.id, offset: MARK_UNKNOWN })
  return true
})

/** The answer for that item was faster. */
const clockLate = ofWorker((worker, world) => {
  const held = world.ledger.workers.get(worker.id)?.held[0]
  if (held === undefined || held.from === held.unit.start) return false
  const offset = held.from - held.unit.start - 1
  const instructions = world.post({ type: 'timedOut', worker: worker.id, unit: held.unit.id, offset })
  if (instructions.some(({ type }) => type === 'abort')) throw new Error('an item is aborted that was answered')
  return true
})

const answerNonsense = ofWorker((worker, world, pick) => {
  const held = world.ledger.workers.get(worker.id)?.held[0]
  if (worker.state !== 'up' || held === undefined || pick % 4 !== 3) return false
  const { id, attempt } = held.unit
  const left = held.to - held.from
  const nonsense: Pick<ResultsEvent, 'from' | 'count' | 'failures'>[] = [
    { count: left + 1, failures: [] },
    { count: 0, from: held.to + 1, failures: [] },
    { count: left, failures: [{ offset: left, cause: 'task' }] },
    {
      count: left,
      failures: [
        { offset: 0, cause: 'task' },
        { offset: 0, cause: 'task' },
      ],
    },
  ]
  const answer = { last: pick % 2 === 1, heapMb: 1, ...nonsense[(pick >> 3) % nonsense.length]! }
  world.post({ type: 'results', worker: worker.id, unit: id, attempt, ...answer })
  return true
})

function repeated(times: number, happening: Happening): Happening[] {
  return Array.from({ length: times }, () => happening)
}

const healthy: readonly Happening[] = [
  ...repeated(7, deliver),
  ...repeated(3, start),
  ...repeated(5, receive),
  ...repeated(6, advance),
  ...repeated(4, work),
  ...repeated(5, give),
  ...repeated(3, consume),
  ...repeated(2, call),
  ...repeated(3, terminate),
  ...repeated(2, clock),
  overdue,
  postPart,
  giveBack,
  stalled,
  retire,
  clockLate,
  repeat,
  answerOldAttempt,
  cancelChunk,
  cancelJob,
  close,
]

const faulty: readonly Happening[] = [
  ...healthy,
  ...repeated(3, die),
  dieUnreadable,
  dieWithNonsense,
  breakProtocol,
  dieWithMarkOfNext,
  failToStart,
  startTwice,
  finishLate,
  clockWrong,
  clockUnstarted,
  answerNonsense,
]

/** In this order: time limits only when nothing else is left to happen. */
const calm: readonly Happening[] = [
  terminate,
  deliver,
  start,
  receive,
  work,
  give,
  call,
  consume,
  clock,
  overdue,
  clockAgain,
]

/** Something happens, by one number; `false` when nothing can. */
export function happen(world: SimulatedWorld, choice: number): boolean {
  const table = world.plan.faults ? faulty : healthy
  const pick = Math.floor(choice / table.length)
  for (let i = 0; i < table.length; i++) if (table[(choice + i) % table.length]!(world, pick)) return true
  return false
}

/** The next thing in a world where nothing goes wrong any more; `false` at its end. */
export function happenCalmly(world: SimulatedWorld): boolean {
  return calm.some((happening) => happening(world, 0))
}
