import type { DispatchEvent, Instruction, JobSpec } from '../../src/dispatch/events.ts'
import { MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import { Invariants, type Subject } from './invariants.ts'
import { type Chunk, Ledger, type LedgerJob, createItem } from './ledger.ts'
import type { Nature, WorldPlan } from './plan.ts'
import { SimulatedWorker } from './simulated-worker.ts'

const CALLS = 0
/** Old answers that are kept to come again. */
const MAX_STALE = 12

export interface SimulatedSource {
  readonly job: LedgerJob
  readonly sizes: readonly number[]
  readonly expectedMs: number | undefined
  readonly end: WorldPlan['jobs'][number]['end']
  readonly natures: ReadonlyMap<number, Nature>
  readonly chunks: Chunk[]
  items: number
}

export interface Step {
  readonly event: DispatchEvent
  readonly instructions: readonly Instruction[]
}

/** Everything around one dispatcher: workers, sources, consumers, timers. What happens in it is in `happenings.ts`. */
export class SimulatedWorld {
  readonly plan: WorldPlan
  readonly ledger: Ledger
  readonly sources: SimulatedSource[] = []
  /** All that are not gone. */
  readonly workers: SimulatedWorker[] = []
  /** Deadlines of aborts. */
  readonly timers: { readonly worker: string; readonly unit: number }[] = []
  /** Answers that were given already, or come too late. */
  readonly stale: DispatchEvent[] = []
  readonly trace: Step[] = []
  readonly #invariants: Invariants
  #lives = 0

  constructor(plan: WorldPlan, subject: Subject) {
    this.plan = plan
    this.ledger = new Ledger(plan.retries)
    this.#invariants = new Invariants(this.ledger, subject)
    const { calls, callMs, jobs } = plan
    const calling = { window: Infinity, ordered: false, pulls: false, splits: false }
    const callers = { sizes: Array.from({ length: calls }, () => 1), expectedMs: callMs, end: 'asked' } as const
    this.#open(CALLS, calling, callers)
    jobs.forEach((job, index) => {
      const { window, ordered, splits } = job
      this.#open(index + 1, { window, ordered, splits, pulls: true }, job)
    })
    for (let i = 0; i < plan.workers; i++) this.spawn()
  }

  #open(id: number, spec: JobSpec, source: Pick<SimulatedSource, 'sizes' | 'expectedMs' | 'end'>): void {
    const total = source.sizes.reduce((sum, size) => sum + size, 0)
    const mine = this.plan.natures.filter(({ job }) => job === id)
    const natures = new Map(mine.map(({ at, nature }) => [at % Math.max(1, total), nature]))
    const { sizes, expectedMs, end } = source
    const job = this.ledger.open(id, spec)
    this.sources.push({ job, sizes, expectedMs, end, natures, chunks: [], items: 0 })
    this.post({ type: 'opened', job: id, spec })
  }

  spawn(): void {
    const worker = new SimulatedWorker(`w${this.#lives++}`, this.plan, (unit) => {
      return this.sources[unit.job]!.chunks[unit.serial]!.items
    })
    this.workers.push(worker)
  }

  remove(worker: SimulatedWorker): void {
    this.workers.splice(this.workers.indexOf(worker), 1)
  }

  /** One step of the dispatcher, checked and carried out. */
  post(event: DispatchEvent): readonly Instruction[] {
    const instructions = this.#invariants.step(event)
    this.trace.push({ event, instructions })
    for (const instruction of instructions) this.#carryOut(instruction)
    return instructions
  }

  #carryOut(instruction: Instruction): void {
    if (!('worker' in instruction) || instruction.type === 'reject') return
    const worker = this.workers.find(({ id }) => id === instruction.worker)
    if (instruction.type === 'replace') this.spawn()
    else if (instruction.type === 'end') {
      if (worker !== undefined) worker.isEnding = true
    } else worker?.inbox.push(instruction)
    if (instruction.type === 'abort') this.timers.push({ worker: instruction.worker, unit: instruction.unit })
  }

  /** What a worker said reaches the pool. */
  deliver(worker: SimulatedWorker): boolean {
    const event = worker.deliver()
    if (event === undefined) return false
    if (event.type === 'gone') this.remove(worker)
    this.post(event)
    if (event.type === 'results') this.keepStale(event)
    if (event.type === 'gone' && worker.lost !== undefined) this.keepStale(worker.lost)
    return true
  }

  keepStale(event: DispatchEvent): void {
    this.stale.push(event)
    if (this.stale.length > MAX_STALE) this.stale.shift()
  }

  /** The source gives what it was asked for: a chunk, or the news that there is none. */
  give(source: SimulatedSource): void {
    const { job, sizes, chunks, expectedMs, end } = source
    const serial = chunks.length
    const count = sizes[serial]
    if (job.isCancelled) {
      // It comes too late: nobody wants it.
      job.isPulling = false
      this.post(count === undefined ? { type: 'ended', job: job.id } : { type: 'added', job: job.id, serial, count })
      return
    }
    if (count === undefined) {
      this.post({ type: 'ended', job: job.id })
      return
    }
    const items = Array.from({ length: count }, (_, index) => {
      return createItem({ job: job.id, serial, index }, source.natures.get(source.items + index) ?? 'ok')
    })
    source.items += count
    const chunk = { serial, items, expectedMs, open: count }
    chunks.push(chunk)
    this.ledger.add(job, chunk)
    const isRefused = count === 1 && items[0]!.nature === 'refused'
    const refused = isRefused ? ({ refused: 'clone' } as const) : {}
    const isLast = chunks.length === sizes.length
    const last = isLast && end === 'with'
    this.post({ type: 'added', job: job.id, serial, count, expectedMs, last, ...refused })
    if (isLast && end === 'after') this.post({ type: 'ended', job: job.id })
  }

  /** A worker's time for an item is up. */
  reportTimeout(worker: SimulatedWorker): void {
    const { unit, at } = worker.run!
    const isExact = worker.mark !== undefined && worker.mark.offset !== MARK_UNKNOWN
    this.post({ type: 'timedOut', worker: worker.id, unit: unit.id, offset: isExact ? at - unit.start : MARK_UNKNOWN })
  }

  /** All that will ever be settled is. */
  get isOver(): boolean {
    if (this.ledger.pending > 0 || this.ledger.held > 0) return false
    return this.sources.every(({ job, sizes, chunks }) => {
      if (job.isCancelled) return true
      return job.spec.pulls ? job.hasEnded || this.ledger.isClosing : chunks.length === sizes.length
    })
  }
}
