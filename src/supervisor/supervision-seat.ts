import type { Alarm, Orders } from './supervision-orders.ts'
import { type Crash, type Moment, SeatRestarts } from './supervision-restarts.ts'
import type { Exit, SeatView, SupervisionRules } from './supervision-types.ts'

/** Until it has got ready. */
interface ComingLife {
  readonly generation: number
  /** Why the life that still serves is to leave. */
  readonly reason: string
  /** It will not get ready; what is to be done is decided when it is gone and can be explained. */
  doom: { readonly reason: string; isKilled: boolean } | undefined
}

interface ServingLife {
  readonly generation: number
  readonly readySinceMs: number
  /** It can't drain. */
  isBlocked: boolean
}

interface LeavingLife {
  readonly isKilled: boolean
  /** What is to be told of its end, when the end itself does not tell. */
  readonly reason: string | undefined
}

interface FailedStart {
  readonly generation: number
  readonly reason: string
  readonly error: unknown
}

const RESTART = 'the one before has ended'

/**
 * One seat: at most one life that serves, one that is to take its place, and any number that leave.
 *
 * Whoever leaves has no say any more: its end changes nothing but what is alive.
 */
export class SupervisedSeat {
  readonly index: number
  readonly group: string
  /** Of the next life. */
  nextGeneration = 0
  goal: 'run' | 'retired' | 'failed' | 'ended' = 'run'
  coming: ComingLife | undefined
  serving: ServingLife | undefined
  failedStart: FailedStart | undefined
  readonly #rules: SupervisionRules
  readonly #orders: Orders
  readonly #restarts: SeatRestarts
  readonly #leaving = new Map<number, LeavingLife>()
  #backoff: Alarm | undefined
  #isClosing = false
  #failedSuccessors = 0
  #notBeforeMs = -Infinity
  #restarted = 0
  #lastExit: string | undefined

  constructor(index: number, group: string, rules: SupervisionRules, orders: Orders) {
    this.index = index
    this.group = group
    this.#rules = rules
    this.#orders = orders
    this.#restarts = new SeatRestarts(rules.restart)
  }

  get isEmpty(): boolean {
    return this.coming === undefined && this.serving === undefined && this.#leaving.size === 0
  }

  /** A second worker is on its way beside the one that serves. */
  get isReplacing(): boolean {
    return this.coming !== undefined && this.serving !== undefined
  }

  /** It failed too often a moment ago to try another successor now. */
  isTooSoon(nowMs: number): boolean {
    return nowMs < this.#notBeforeMs
  }

  /** `reason`: why the life that serves, if any, is to leave when this one is ready. */
  start(reason: string): void {
    this.#clearBackoff()
    const generation = this.nextGeneration++
    this.coming = { generation, reason, doom: undefined }
    this.#orders.add({ kind: 'start', seat: this.index, generation, replaces: this.serving?.generation })
    this.#orders.set(this.#alarm('start', generation), this.#rules.startTimeoutMs)
  }

  /** As if nothing had ever gone wrong. */
  renew(reason: string): void {
    this.#restarts.reset()
    this.goal = 'run'
    this.start(reason)
  }

  ready(generation: number, nowMs: number): void {
    const { coming, serving } = this
    if (coming?.generation !== generation || coming.doom !== undefined) return
    this.#orders.clear(this.#alarm('start', generation))
    this.coming = undefined
    this.serving = { generation, readySinceMs: nowMs, isBlocked: false }
    this.#restarts.prove()
    this.#failedSuccessors = 0
    this.#notBeforeMs = -Infinity
    if (serving !== undefined) this.#dismiss(serving, coming.reason)
  }

  /** It leaves by itself; the successor of one that served need not wait until it is gone. */
  failing(generation: number, reason: string, error: unknown, moment: Moment): void {
    const { coming } = this
    if (coming?.generation === generation && coming.doom === undefined) {
      this.#doom(coming, reason)
      return this.#orders.set(this.#alarm('kill', generation), this.#rules.killAfterMs)
    }
    if (this.serving?.generation !== generation) return
    this.#expectEnd(generation, reason)
    this.#loseServing({ reason, isRegular: false, error }, moment)
  }

  #doom(coming: ComingLife, reason: string): void {
    this.#orders.clear(this.#alarm('start', coming.generation))
    coming.doom = { reason, isKilled: false }
  }

  gone(generation: number, exit: Exit, moment: Moment): void {
    const leaving = this.#leaving.get(generation)
    if (leaving !== undefined) {
      this.#leaving.delete(generation)
      this.#lastExit = leaving.reason ?? exit.reason
      this.#orders.clear(this.#alarm('kill', generation))
      return this.#checkRetired()
    }
    if (this.coming?.generation === generation) return this.#failStart(this.coming, exit, moment)
    if (this.serving?.generation !== generation) return
    this.#lastExit = exit.reason
    this.#loseServing(exit, moment)
  }

  ring({ what, generation }: Alarm): void {
    if (what === 'backoff') {
      this.#backoff = undefined
      return this.start(RESTART)
    }
    const { coming } = this
    const isComing = coming?.generation === generation
    if (what === 'start' && isComing) this.#doom(coming, `it was not ready within ${this.#rules.startTimeoutMs} ms`)
    if (isComing) this.#killDoomed(coming)
    else this.#kill(generation, `it has not ended within ${this.#rules.killAfterMs} ms`)
  }

  #killDoomed({ generation, doom }: ComingLife): void {
    doom!.isKilled = true
    this.#orders.clear(this.#alarm('kill', generation))
    this.#orders.add({ kind: 'kill', seat: this.index, generation, reason: doom!.reason })
  }

  #failStart({ generation, doom }: ComingLife, given: Exit, moment: Moment): void {
    this.#orders.clear(this.#alarm('start', generation))
    this.#orders.clear(this.#alarm('kill', generation))
    this.coming = undefined
    // The signal that ends a doomed one is ours.
    const exit = doom === undefined ? given : { ...given, reason: doom.reason, bySignal: false }
    this.#lastExit = exit.reason
    this.failedStart = { generation, reason: exit.reason, error: exit.error }
    const old = this.serving
    if (old === undefined) return this.#decide({ ...exit, readyForMs: undefined }, moment)
    if (!old.isBlocked) {
      this.#failedSuccessors += 1
      this.#notBeforeMs = moment.nowMs + this.#restarts.delayMs(this.#failedSuccessors, moment.random)
      return
    }
    // It answers nobody, so there is nothing to keep.
    this.serving = undefined
    this.#kill(old.generation, 'its event loop is blocked')
    this.#decide({ ...exit, readyForMs: undefined }, moment)
  }

  #loseServing(exit: Exit, moment: Moment): void {
    const readyForMs = moment.nowMs - this.serving!.readySinceMs
    this.serving = undefined
    // The successor that is on its way takes the seat.
    if (this.coming === undefined) this.#decide({ ...exit, readyForMs }, moment)
  }

  #decide(crash: Crash, moment: Moment): void {
    const verdict = this.#restarts.judge(crash, moment)
    if (verdict.kind === 'start') {
      this.#restarted += 1
      if (verdict.afterMs === 0) return this.start(RESTART)
      this.#backoff = this.#alarm('backoff', this.nextGeneration)
      return this.#orders.set(this.#backoff, verdict.afterMs)
    }
    if (verdict.kind === 'end') {
      this.goal = 'ended'
      return
    }
    this.goal = 'failed'
    this.#orders.add({ kind: 'gave-up', seat: this.index, reason: verdict.reason, error: verdict.error })
  }

  retire(): void {
    this.goal = 'retired'
    this.#leave('it is not needed any more', false)
    this.#checkRetired()
  }

  #checkRetired(): void {
    if (this.goal === 'retired' && this.isEmpty) this.#orders.add({ kind: 'retired', seat: this.index })
  }

  close(reason: string): void {
    this.#isClosing = true
    this.#leave(reason, false)
  }

  destroy(reason: string): void {
    this.#isClosing = true
    this.#leave(reason, true)
    for (const [generation, { isKilled }] of this.#leaving) if (!isKilled) this.#kill(generation, reason)
  }

  #leave(reason: string, isAtOnce: boolean): void {
    this.#clearBackoff()
    const { coming, serving } = this
    this.coming = undefined
    this.serving = undefined
    if (coming !== undefined) this.#giveUpOn(coming, reason)
    if (serving !== undefined) this.#dismiss(serving, reason, isAtOnce)
  }

  #giveUpOn({ generation, doom }: ComingLife, reason: string): void {
    this.#orders.clear(this.#alarm('start', generation))
    if (doom?.isKilled === true) this.#leaving.set(generation, { isKilled: true, reason: doom.reason })
    else this.#kill(generation, doom?.reason ?? reason)
  }

  #dismiss({ generation, isBlocked }: ServingLife, reason: string, isAtOnce = false): void {
    if (isAtOnce || isBlocked) return this.#kill(generation, reason)
    this.#orders.add({ kind: 'drain', seat: this.index, generation, reason })
    this.#expectEnd(generation, undefined)
  }

  #expectEnd(generation: number, reason: string | undefined): void {
    this.#leaving.set(generation, { isKilled: false, reason })
    this.#orders.set(this.#alarm('kill', generation), this.#rules.killAfterMs)
  }

  #kill(generation: number, reason: string): void {
    this.#leaving.set(generation, { isKilled: true, reason })
    this.#orders.clear(this.#alarm('kill', generation))
    this.#orders.add({ kind: 'kill', seat: this.index, generation, reason })
  }

  #clearBackoff(): void {
    if (this.#backoff !== undefined) this.#orders.clear(this.#backoff)
    this.#backoff = undefined
  }

  #alarm(what: Alarm['what'], generation: number): Alarm {
    return { what, seat: this.index, generation }
  }

  view(): SeatView {
    const generation = this.serving?.generation ?? Math.max(0, this.nextGeneration - 1)
    const { index: seat } = this
    return { seat, state: this.#describe(), generation, restarts: this.#restarted, lastExit: this.#lastExit }
  }

  #describe(): SeatView['state'] {
    if (this.goal === 'failed') return 'failed'
    if (this.goal !== 'run') return this.isEmpty ? this.goal : 'draining'
    if (this.#isClosing) return this.isEmpty ? 'ended' : 'draining'
    if (this.isReplacing) return 'replacing'
    if (this.serving !== undefined) return 'ready'
    return this.#backoff === undefined ? 'starting' : 'backoff'
  }
}
