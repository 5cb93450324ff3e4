import type { Orders } from './supervision-orders.ts'
import type { SupervisedSeat } from './supervision-seat.ts'

interface Request {
  readonly id: number
  /** Of each seat: the first generation that has started after the request. */
  readonly fresh: readonly number[]
  /** The seat whose turn it is. */
  at: number
  /** Generation of the first life whose failed start is this request's business; `undefined`: the turn has just come. */
  since: number | undefined
  replaced: number
}

const REASON = 'a newer worker has taken its place'

/** In the group of the seat, another seat is about to have its worker replaced. */
export function isGroupBusy(seats: readonly SupervisedSeat[], seat: SupervisedSeat): boolean {
  return seats.some((other) => other !== seat && other.group === seat.group && other.isReplacing)
}

/**
 * Replaces the workers of all seats, one after the other, each by a successor that is ready first.
 *
 * A request is through with a seat when a life serves there that has started after it was made: whatever was on the disk
 * at that time is what runs. So a request that is made while another is at work has only the rest to do, and many at once
 * cost no more than two. The next seat does not wait until the old life has drained.
 */
export class Reloads {
  readonly #seats: readonly SupervisedSeat[]
  readonly #orders: Orders
  readonly #requests: Request[] = []

  constructor(seats: readonly SupervisedSeat[], orders: Orders) {
    this.#seats = seats
    this.#orders = orders
  }

  ask(id: number): void {
    const fresh = this.#seats.map(({ nextGeneration }) => nextGeneration)
    this.#requests.push({ id, fresh, at: 0, since: undefined, replaced: 0 })
  }

  /** Goes as far as it can without waiting. */
  advance(): void {
    for (let request = this.#requests[0]; request !== undefined; request = this.#requests[0]) {
      const seat = this.#seats[request.at]
      if (seat === undefined) this.#finish(undefined)
      else if (!this.#serve(request, seat)) return
    }
  }

  /** `false`: there is something to wait for. */
  #serve(request: Request, seat: SupervisedSeat): boolean {
    const fresh = request.fresh[request.at]!
    request.since ??= Math.max(fresh, seat.coming?.generation ?? seat.nextGeneration)
    if (seat.goal === 'retired' || seat.goal === 'ended') return this.#pass(request)
    if (seat.serving !== undefined && seat.serving.generation >= fresh) {
      request.replaced += 1
      return this.#pass(request)
    }
    if (this.#hasFailed(request.since, seat)) return true
    // A life that started before the request is waited for too: it is not yet sure whether there is anybody to keep.
    if (seat.coming !== undefined || isGroupBusy(this.#seats, seat)) return false
    if (seat.goal === 'failed') seat.renew(REASON)
    else seat.start(REASON)
    return false
  }

  #hasFailed(since: number, { index, failedStart }: SupervisedSeat): boolean {
    if (failedStart === undefined || failedStart.generation < since) return false
    const { reason, error } = failedStart
    this.#finish({ seat: index, reason, error })
    return true
  }

  #pass(request: Request): true {
    request.at += 1
    request.since = undefined
    return true
  }

  #finish(failed: { readonly seat: number; readonly reason: string; readonly error: unknown } | undefined): void {
    const { id, replaced } = this.#requests.shift()!
    this.#orders.add({ kind: 'reloaded', id, replaced, failed })
  }

  /** None will be served any more. */
  cancel(reason: string): void {
    for (let request = this.#requests[0]; request !== undefined; request = this.#requests[0])
      this.#finish({ seat: request.at, reason, error: undefined })
  }
}
