import type { DispatchEvent, Instruction, ResultsEvent, Unit } from '../../src/dispatch/events.ts'
import type { WorkerDeath } from '../../src/errors.ts'
import { MARK_IDLE, MARK_UNKNOWN, type Mark } from '../../src/protocol/mark.ts'
import type { Item } from './ledger.ts'
import type { Nature, WorldPlan } from './plan.ts'

/** Instructions that are messages. */
export type Message = Extract<Instruction, { readonly type: 'send' | 'abort' | 'recall' | 'stop' }>

/** A unit in work. Places are those of its chunk. */
interface Run {
  readonly unit: Unit
  readonly items: readonly Item[]
  /** The item in work, or the next one. */
  at: number
  /** Behind the last item that an answer was made for. */
  answeredTo: number
  failures: ResultsEvent['failures'][number][]
  phase: 'before' | 'during' | 'through' | 'flushing' | 'leaving'
  /** The item in work was told to end. */
  isAborted: boolean
  isGivingBack: boolean
}

const IDLE: Mark = { unit: MARK_IDLE, offset: 0, startedAtMs: 0 }

/** What the item does this time. */
function toTrouble({ nature, starts }: Item): Nature {
  switch (nature) {
    case 'throwsOnce':
      return starts === 1 ? 'throws' : 'ok'
    case 'killsOnce':
      return starts === 1 ? 'kills' : 'ok'
    case 'slowOnce':
      return starts === 1 ? 'slow' : 'ok'
    case 'hangsOnce':
      return starts === 1 ? 'hangs' : 'ok'
    default:
      return nature
  }
}

/** The worker's side: takes messages in order, marks what it does, answers, dies. Each method does one small thing. */
export class SimulatedWorker {
  readonly id: string
  readonly inbox: Message[] = []
  /** What the pool will hear, in this order. */
  readonly outbox: DispatchEvent[] = []
  state: 'starting' | 'up' | 'dead' | 'gone' = 'starting'
  death: WorkerDeath | undefined
  mark: Mark | undefined
  /** It breaks the protocol at its end. */
  breaks = false
  /** The pool ends it. */
  isEnding = false
  /** The answer that was lost when it died, should it arrive after all. */
  lost: DispatchEvent | undefined
  run: Run | undefined
  /** The place of the item whose time limit was reported last. */
  reportedAt: number | undefined
  readonly #queue: Unit[] = []
  readonly #plan: WorldPlan
  readonly #itemsOf: (unit: Unit) => readonly Item[]
  #isLeaving = false
  /** The last message in the outbox would be lost if the worker died now. */
  #isUnsafe = false

  constructor(id: string, plan: WorldPlan, itemsOf: (unit: Unit) => readonly Item[]) {
    this.id = id
    this.#plan = plan
    this.#itemsOf = itemsOf
    this.mark = plan.marks === 'none' ? undefined : IDLE
  }

  start(): boolean {
    if (this.state !== 'starting') return false
    this.state = 'up'
    this.outbox.push({ type: 'ready', worker: this.id })
    return true
  }

  receive(): boolean {
    const message = this.state === 'up' ? this.inbox.shift() : undefined
    if (message === undefined) return false
    if (message.type === 'send') this.#queue.push(message.unit)
    else if (message.type === 'stop') this.#isLeaving = true
    else if (message.type === 'abort' && message.unit === this.run?.unit.id) this.#abort(this.run, message.offset)
    else this.#handBack(message.unit)
    return true
  }

  #abort(run: Run, offset: number): void {
    const { at, phase, unit } = run
    if (offset !== MARK_UNKNOWN && (phase !== 'during' || unit.start + offset !== at)) return
    run.isAborted = phase === 'during'
    run.isGivingBack = true
  }

  #handBack(id: number): void {
    const position = this.#queue.findIndex((waiting) => waiting.id === id)
    if (position < 0) return
    const [unit] = this.#queue.splice(position, 1) as [Unit]
    this.outbox.push({ ...this.#address(unit), from: 0, count: 0, last: true, failures: [] })
  }

  #address({ id: unit, attempt }: Unit): Pick<ResultsEvent, 'type' | 'worker' | 'unit' | 'attempt' | 'heapMb'> {
    return { type: 'results', worker: this.id, unit, attempt, heapMb: 1 }
  }

  /** The next small thing in the life of a unit; `false` when it waits for something. */
  advance(): boolean {
    if (this.state !== 'up') return false
    if (this.run === undefined) return this.#begin()
    switch (this.run.phase) {
      case 'before':
        return this.#startItem(this.run)
      case 'during':
        return this.#finishItem(this.run, this.run.isAborted)
      case 'through':
        return this.#post(this.run, true)
      default:
        return this.#becomeSafe(this.run)
    }
  }

  #begin(): boolean {
    const unit = this.#queue.shift()
    if (unit === undefined) {
      if (!this.#isLeaving) return false
      return this.die('told to stop', false)
    }
    const flags = { isAborted: false, isGivingBack: false, phase: 'before' } as const
    this.run = { unit, items: this.#itemsOf(unit), at: unit.from, answeredTo: unit.from, failures: [], ...flags }
    return true
  }

  #startItem(run: Run): boolean {
    const { unit, at } = run
    if (run.isGivingBack) {
      run.phase = 'through'
      return true
    }
    const isExact = this.#plan.marks === 'item' || unit.suspect
    const offset = isExact && this.#plan.marks !== 'unit' ? at - unit.start : MARK_UNKNOWN
    if (this.#plan.marks !== 'none') this.mark = { unit: unit.id, offset, startedAtMs: 1 }
    this.reportedAt = undefined
    const item = run.items[at]!
    item.starts += 1
    item.isInDoubt = true
    run.phase = 'during'
    return true
  }

  #finishItem(run: Run, mayFinish: boolean): boolean {
    const item = run.items[run.at]!
    const trouble = toTrouble(item)
    if (trouble === 'kills') return this.die(`item ${item.index} kills`, false)
    if (trouble === 'hangs') return false
    if (trouble === 'slow' && !mayFinish) return false
    const offset = run.at - run.answeredTo
    if (trouble === 'throws' || trouble === 'slow') run.failures.push({ offset, cause: 'task' })
    else if (trouble === 'refused') run.failures.push({ offset, cause: 'clone' })
    run.at += 1
    run.isAborted = false
    run.phase = run.at === run.unit.from + run.unit.count || run.isGivingBack ? 'through' : 'before'
    return true
  }

  /** The place of the item that only a time limit can end. */
  get stuckAt(): number | undefined {
    const { run } = this
    if (this.state !== 'up' || run?.phase !== 'during') return undefined
    const trouble = toTrouble(run.items[run.at]!)
    return trouble === 'hangs' || (trouble === 'slow' && !run.isAborted) ? run.at : undefined
  }

  /** A slow item comes through just before it is aborted. */
  finishLate(): boolean {
    return this.state === 'up' && this.run?.phase === 'during' && this.#finishItem(this.run, true)
  }

  #post(run: Run, last: boolean): boolean {
    const { unit, at, answeredTo, failures } = run
    const count = at - answeredTo
    this.outbox.push({ ...this.#address(unit), from: answeredTo - unit.start, count, last, failures })
    run.answeredTo = run.at
    run.failures = []
    run.phase = last ? 'leaving' : 'flushing'
    this.#isUnsafe = true
    return true
  }

  /** Only now the mark may move on: an answer that can be lost would be of an item that no mark names. */
  #becomeSafe(run: Run): boolean {
    this.#isUnsafe = false
    if (run.phase === 'flushing') run.phase = 'before'
    else {
      this.run = undefined
      if (!this.#plan.marksStay && this.#plan.marks !== 'none') this.mark = IDLE
    }
    return true
  }

  /** Answers what it has, and goes on. */
  postPart(): boolean {
    return this.state === 'up' && this.run?.phase === 'before' && this.#post(this.run, false)
  }

  /** Took too long over the unit: the rest is for others. */
  giveBack(): boolean {
    if (this.state !== 'up' || this.run?.phase !== 'before') return false
    this.run.isGivingBack = true
    return true
  }

  die(reason: string, losesAnswer: boolean): boolean {
    if (this.state !== 'up') return false
    if (losesAnswer && this.#isUnsafe && this.outbox.at(-1)?.type === 'results') this.lost = this.outbox.pop()
    this.death = { worker: this.id, code: 1, signal: null, reason, stderr: '' }
    this.state = 'dead'
    return true
  }

  /** The next event for the dispatcher. Its end comes last. */
  deliver(): DispatchEvent | undefined {
    const event = this.outbox.shift()
    if (event !== undefined) {
      if (this.outbox.length === 0) this.#isUnsafe = false
      return event
    }
    if (this.state !== 'dead') return undefined
    this.state = 'gone'
    return { type: 'gone', worker: this.id, mark: this.mark, broken: this.breaks, death: this.death! }
  }
}
