import { Orders } from './supervision-orders.ts'
import { Reloads, isGroupBusy } from './supervision-reload.ts'
import type { Moment } from './supervision-restarts.ts'
import { SupervisedSeat } from './supervision-seat.ts'
import type { SeatView, SupervisionEvent, SupervisionInstruction, SupervisionRules } from './supervision-types.ts'

type EventOf<Kind extends SupervisionEvent['kind']> = Extract<SupervisionEvent, { readonly kind: Kind }>

const CLOSED = 'it is being closed'

/**
 * Decides which workers are started, drained and killed, and when. Pure: it is told what happens, and when it is, and
 * gives instructions; the same events give the same instructions. Events of lives that it does not know, or that leave
 * already, are ignored.
 *
 * Rules of restarts are in {@link SupervisedSeat} and `SeatRestarts`, those of reloads in {@link Reloads}.
 */
export class Supervision {
  readonly #orders = new Orders()
  readonly #seats: readonly SupervisedSeat[]
  readonly #reloads: Reloads
  #phase: 'new' | 'open' | 'closing' | 'closed' = 'new'
  #wasUp = false

  constructor(rules: SupervisionRules, seats: readonly { readonly group: string }[]) {
    this.#seats = seats.map(({ group }, index) => new SupervisedSeat(index, group, rules, this.#orders))
    this.#reloads = new Reloads(this.#seats, this.#orders)
  }

  /**
   * `nowMs` never goes back; `random` is from 0 to 1. The instructions are to be carried out in their order, and what comes
   * of them is to be told by further calls, not within this one.
   */
  handle(event: SupervisionEvent, nowMs: number, random: number): SupervisionInstruction[] {
    this.#take(event, { nowMs, random })
    if (this.#phase === 'open') {
      this.#reloads.advance()
      this.#checkUp()
    }
    if (this.#phase === 'closing' && this.#seats.every(({ isEmpty }) => isEmpty)) {
      this.#phase = 'closed'
      this.#orders.add({ kind: 'closed' })
    }
    return this.#orders.take()
  }

  #take(event: SupervisionEvent, moment: Moment): void {
    switch (event.kind) {
      case 'open':
        return this.#open()
      case 'timer':
        return this.#ring(event.timer)
      case 'reload':
        return this.#reload(event.id)
      case 'close':
      case 'destroy':
        return this.#close(event.kind)
      default:
        return this.#tell(event, moment)
    }
  }

  #tell(
    event: Exclude<SupervisionEvent, { kind: 'open' | 'timer' | 'reload' | 'close' | 'destroy' }>,
    at: Moment,
  ): void {
    const seat = this.#seats[event.seat]
    if (seat === undefined) return
    switch (event.kind) {
      case 'ready':
        return seat.ready(event.generation, at.nowMs)
      case 'failing':
        return seat.failing(event.generation, event.reason, event.error, at)
      case 'unhealthy':
        return this.#replace(seat, event, at.nowMs)
      case 'gone':
        return seat.gone(event.generation, event, at)
      case 'retire':
        if (this.#phase === 'new' || this.#phase === 'open') seat.retire()
        return
      default:
        if (this.#phase === 'open' && seat.goal !== 'run') seat.renew('it is needed again')
    }
  }

  #open(): void {
    if (this.#phase !== 'new') return
    this.#phase = 'open'
    for (const seat of this.#seats) if (seat.goal === 'run') seat.start('the first')
  }

  #ring(timer: string): void {
    const alarm = this.#orders.expire(timer)
    if (alarm !== undefined) this.#seats[alarm.seat]!.ring(alarm)
  }

  #reload(id: number): void {
    this.#reloads.ask(id)
    if (this.#phase === 'new') this.#reloads.cancel('nothing runs yet')
    else if (this.#phase !== 'open') this.#reloads.cancel(CLOSED)
  }

  /** One worker of a group at a time: under overload all of them look unhealthy, and each that starts costs the others. */
  #replace(seat: SupervisedSeat, { generation, reason, isBlocked }: EventOf<'unhealthy'>, nowMs: number): void {
    if (seat.serving?.generation !== generation) return
    seat.serving.isBlocked = isBlocked
    if (seat.coming !== undefined || isGroupBusy(this.#seats, seat)) return
    if (isBlocked || !seat.isTooSoon(nowMs)) seat.start(reason)
  }

  #close(how: 'close' | 'destroy'): void {
    if (this.#phase === 'closed' || (this.#phase === 'closing' && how === 'close')) return
    this.#phase = 'closing'
    this.#reloads.cancel(CLOSED)
    for (const seat of this.#seats) seat[how](CLOSED)
  }

  #checkUp(): void {
    if (this.#wasUp) return
    const isUp = this.#seats.every(
      ({ goal, serving }) => goal === 'retired' || goal === 'ended' || serving !== undefined,
    )
    if (!isUp) return
    this.#wasUp = true
    this.#orders.add({ kind: 'up' })
  }

  /** State of every seat, in order. */
  view(): SeatView[] {
    return this.#seats.map((seat) => seat.view())
  }
}
