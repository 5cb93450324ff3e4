import { EisenmpError } from '../errors.ts'
import { readClock } from '../internal/clock.ts'
import { Supervision } from '../supervisor/supervision.ts'
import type { SeatView, SupervisionEvent, SupervisionInstruction } from '../supervisor/supervision-types.ts'
import { CrewLives } from './crew-lives.ts'
import type { CrewPlan } from './crew-plan.ts'
import type { LifeRecord } from './life.ts'

type Carried = 'start' | 'drain' | 'kill' | 'set-timer' | 'clear-timer'

/** What became of a reload. */
export interface CrewReload {
  readonly replaced: number
  readonly ms: number
  readonly cutRequests: number
}

/**
 * Workers that are kept alive: carries out what {@link Supervision} decides, and tells it what happens.
 *
 * It knows nothing of what its workers do.
 */
export class ServiceCrew {
  readonly #plan: CrewPlan
  readonly #supervision: Supervision
  readonly #lives: CrewLives
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #reloads = new Map<number, PromiseWithResolvers<{ replaced: number }>>()
  readonly #retiring = new Map<number, PromiseWithResolvers<void>>()
  readonly #up = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<void>()
  #state: 'new' | 'starting' | 'up' | 'ended' = 'new'
  readonly #events: SupervisionEvent[] = []
  #isApplying = false
  #reloadCount = 0
  #look: NodeJS.Timeout | undefined

  constructor(plan: CrewPlan) {
    this.#plan = plan
    this.#supervision = new Supervision(plan.rules, plan.seats)
    this.#lives = new CrewLives(plan, (event) => this.#apply(event))
    // Whoever awaits it is told; nobody has to.
    this.#up.promise.catch(() => {})
  }

  /**
   * Starts all workers.
   *
   * @returns When all are ready.
   * @throws EisenmpError `ERR_EISENMP_MODULE` or `ERR_EISENMP_START` with what went wrong first; then nothing runs any more.
   */
  async start(): Promise<void> {
    this.#state = 'starting'
    this.#look = setInterval(() => this.#lives.checkHealth(), this.#plan.health.intervalMs)
    this.#apply({ kind: 'open' })
    try {
      await this.#up.promise
    } catch (error) {
      await this.destroy()
      throw error
    }
  }

  /**
   * Replaces every worker, one seat after the other.
   *
   * @returns When the last of the old ones has ended.
   * @throws What kept a successor from getting ready; its predecessor goes on, and those behind it too.
   */
  async reload(): Promise<CrewReload> {
    const startedAtMs = readClock()
    const old = this.#lives.list()
    const id = ++this.#reloadCount
    const done = Promise.withResolvers<{ replaced: number }>()
    this.#reloads.set(id, done)
    this.#apply({ kind: 'reload', id })
    const { replaced } = await done.promise
    await Promise.all(old.map(({ gone }) => gone))
    const cutRequests = old.reduce((sum, life) => sum + life.cutRequests, 0)
    return { replaced, ms: Math.round(readClock() - startedAtMs), cutRequests }
  }

  /** Ends the worker of a seat; none follows until {@link revive}. */
  retire(seat: number): Promise<void> {
    const waiting = this.#retiring.get(seat) ?? Promise.withResolvers<void>()
    this.#retiring.set(seat, waiting)
    this.#apply({ kind: 'retire', seat })
    return waiting.promise
  }

  revive(seat: number): void {
    this.#apply({ kind: 'revive', seat })
  }

  /** Drains all. */
  close(): Promise<void> {
    return this.#end('close')
  }

  /** Ends all at once. */
  destroy(): Promise<void> {
    return this.#end('destroy')
  }

  #end(kind: 'close' | 'destroy'): Promise<void> {
    if (this.#state === 'new') this.#finish()
    else if (this.#state !== 'ended') this.#apply({ kind })
    return this.#closed.promise
  }

  /** Sends what only this kind of service understands. `false`: there is no ready worker in the seat. */
  send(seat: number, body: unknown): boolean {
    const life = this.findServing(seat)
    life?.host.send({ kind: 'custom', body })
    return life !== undefined
  }

  /** The newest ready life of a seat that does not end. */
  findServing(seat: number): LifeRecord | undefined {
    return this.#lives.list().findLast((life) => life.seat === seat && life.isReady && !life.isDraining)
  }

  listLives(): LifeRecord[] {
    return this.#lives.list()
  }

  view(): SeatView[] {
    return this.#supervision.view()
  }

  /** What comes of an instruction waits for its turn: listeners may call anything, and instructions have an order. */
  #apply(event: SupervisionEvent): void {
    this.#events.push(event)
    if (this.#isApplying) return
    this.#isApplying = true
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        for (const order of this.#supervision.handle(next, readClock(), Math.random())) this.#carryOut(order)
      }
    } finally {
      this.#isApplying = false
    }
  }

  #carryOut(instruction: SupervisionInstruction): void {
    switch (instruction.kind) {
      case 'start':
        return this.#lives.start(instruction, instruction.replaces)
      case 'drain':
        return this.#lives.drain(instruction, instruction.reason)
      case 'kill':
        return this.#lives.kill(instruction, instruction.reason)
      case 'set-timer':
        return this.#setTimer(instruction.timer, instruction.afterMs)
      case 'clear-timer':
        return this.#clearTimer(instruction.timer)
      default:
        return this.#settle(instruction)
    }
  }

  /** What somebody waits for has come about. */
  #settle(instruction: Exclude<SupervisionInstruction, { kind: Carried }>): void {
    switch (instruction.kind) {
      case 'up':
        this.#state = 'up'
        return this.#up.resolve()
      case 'gave-up':
        if (this.#state === 'starting') this.#up.reject(instruction.error)
        else this.#plan.events.gaveUp(instruction.seat, instruction.error)
        return
      case 'reloaded':
        return this.#tellReloaded(instruction)
      case 'retired':
        this.#retiring.get(instruction.seat)?.resolve()
        this.#retiring.delete(instruction.seat)
        return
      case 'closed':
        return this.#finish()
    }
  }

  #clearTimer(timer: string): void {
    clearTimeout(this.#timers.get(timer))
    this.#timers.delete(timer)
  }

  #setTimer(timer: string, afterMs: number): void {
    this.#clearTimer(timer)
    const run = (): void => {
      this.#timers.delete(timer)
      this.#apply({ kind: 'timer', timer })
    }
    this.#timers.set(timer, setTimeout(run, afterMs))
  }

  #tellReloaded({ id, replaced, failed }: Extract<SupervisionInstruction, { kind: 'reloaded' }>): void {
    const done = this.#reloads.get(id)
    this.#reloads.delete(id)
    if (failed === undefined) done?.resolve({ replaced })
    else done?.reject(failed.error ?? explainCancelled(failed.reason))
  }

  #finish(): void {
    this.#state = 'ended'
    const text = 'Cannot start: it was closed before every worker was ready'
    // Means nothing to those who have been told already.
    this.#up.reject(new EisenmpError('ERR_EISENMP_CLOSED', text))
    clearInterval(this.#look)
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    for (const waiting of this.#retiring.values()) waiting.resolve()
    this.#plan.hosts.close().then(this.#closed.resolve, this.#closed.reject)
  }
}

/** Nothing went wrong in a worker: nobody reloads any more. */
function explainCancelled(reason: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_CLOSED', `Cannot reload the workers: ${reason}`)
}
