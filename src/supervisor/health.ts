import { type OptionTable, checkOptions, integer, milliseconds, positive } from '../options.ts'

/**
 * When a worker counts as unhealthy. It is then replaced: its successor is ready before it is drained, and only one worker
 * of a group is replaced for its health at a time, since under overload all of them look alike.
 */
export interface HealthOptions {
  /**
   * Time in ms between two beats of a worker, each of which is judged. As many intervals as there are `strikes` without
   * any beat, and the event loop counts as blocked: such a worker is killed, not drained.
   *
   * @defaultValue 1000
   */
  readonly intervalMs?: number
  /**
   * How long in ms the event loop may keep others waiting. More than that is a strike when the loop was also busy for more
   * than 98 % of the time; waiting alone may be the fault of the machine.
   *
   * @defaultValue 500
   */
  readonly maxLoopLagMs?: number
  /**
   * Used heap in MB above which a beat is a strike.
   *
   * @defaultValue none
   */
  readonly maxHeapMb?: number
  /**
   * Part of the heap's limit above which a beat is a strike: from 0 to 1.
   *
   * @defaultValue 0.95
   */
  readonly maxHeapShare?: number
  /**
   * Memory of the process in MB, buffers included, above which a beat is a strike. Not judged in threads, whose memory is
   * that of the program.
   *
   * @defaultValue none
   */
  readonly maxRssMb?: number
  /**
   * So many bad beats in a row, for whatever reason, make a worker unhealthy.
   *
   * @defaultValue 5
   */
  readonly strikes?: number
  /**
   * Path that each worker asks of its own server with every beat, as in `/health`. It must answer with a status below 500
   * before the worker counts as ready; later an answer above, or none within the interval, is a strike.
   *
   * @defaultValue none
   */
  readonly path?: string
}

/** {@link HealthOptions} with every default filled in. */
export interface HealthRules {
  readonly intervalMs: number
  readonly maxLoopLagMs: number
  readonly maxHeapMb?: number | undefined
  readonly maxHeapShare: number
  readonly maxRssMb?: number | undefined
  readonly strikes: number
  readonly path?: string | undefined
}

/** What of a beat is judged. */
export interface Vitals {
  readonly lagMs: number
  readonly utilization: number
  readonly heapMb: number
  readonly heapShare: number
  readonly rssMb: number
  readonly health?: { readonly status: number | undefined; readonly reason?: string | undefined } | undefined
}

export interface HealthVerdict {
  readonly reason: string
  /** It can't drain. */
  readonly isBlocked: boolean
}

interface Patient {
  strikes: number
  /** When the last beat that was judged came. */
  judgedMs: number
}

const BUSY = 0.98
const defaults: HealthRules = { intervalMs: 1000, maxLoopLagMs: 500, maxHeapShare: 0.95, strikes: 5 }

const table: OptionTable = {
  intervalMs: milliseconds(10),
  maxLoopLagMs: milliseconds(1),
  maxHeapMb: positive('a number of MB above 0'),
  maxHeapShare: {
    expected: 'a number above 0, at most 1',
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
  maxRssMb: positive('a number of MB above 0'),
  strikes: integer(1, 1000),
  path: {
    expected: "a path that begins with a slash, as in '/health'",
    accepts: (value) => typeof value === 'string' && /^\/[\x21-\x7e]*$/.test(value),
  },
}

/**
 * @param where - The call, for messages: `serve`.
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function readHealth(where: string, given: unknown): HealthRules {
  return { ...defaults, ...checkOptions(`${where}({ health })`, given ?? {}, table) }
}

/**
 * Judges workers by their beats. Pure: time is given. One judge for all workers of a service, asked whenever a beat has
 * come and at least once in every interval; a verdict is given again as long as it is true.
 */
export class HealthJudge {
  readonly #rules: HealthRules
  readonly #judgesRss: boolean
  readonly #patients = new Map<string, Patient>()
  #askedMs = -Infinity
  /** Silence from before is not held against anybody. */
  #listeningSinceMs = -Infinity

  constructor(rules: HealthRules, kind: 'processes' | 'threads' | 'command' = 'processes') {
    this.#rules = rules
    this.#judgesRss = kind !== 'threads'
  }

  /**
   * @param beat - The last; `undefined`: there was none yet.
   * @param beatAtMs - When it came, or the worker got ready.
   * @returns `undefined` when there is nothing to be done.
   */
  judge(key: string, beat: Vitals | undefined, beatAtMs: number, nowMs: number): HealthVerdict | undefined {
    this.#listen(nowMs)
    const { intervalMs, strikes } = this.#rules
    const silentMs = nowMs - Math.max(beatAtMs, this.#listeningSinceMs)
    if (silentMs > strikes * intervalMs) {
      return { reason: `its event loop is blocked: no sign of life for ${Math.round(silentMs)} ms`, isBlocked: true }
    }
    if (beat === undefined) return undefined
    const patient = this.#patients.get(key) ?? { strikes: 0, judgedMs: -Infinity }
    this.#patients.set(key, patient)
    const complaint = this.#complain(beat)
    // Asked again about the same beat, it is no further strike.
    if (beatAtMs > patient.judgedMs) {
      patient.strikes = complaint === undefined ? 0 : patient.strikes + 1
      patient.judgedMs = beatAtMs
    }
    return complaint === undefined || patient.strikes < strikes ? undefined : { reason: complaint, isBlocked: false }
  }

  /** When this program itself was blocked, beats wait in its queue; those who sent them are not to be killed for it. */
  #listen(nowMs: number): void {
    if (nowMs - this.#askedMs > 2 * this.#rules.intervalMs) this.#listeningSinceMs = nowMs
    this.#askedMs = nowMs
  }

  #complain(beat: Vitals): string | undefined {
    const { maxLoopLagMs, maxHeapMb = Infinity, maxHeapShare, maxRssMb = Infinity } = this.#rules
    const { lagMs, utilization, heapMb, heapShare, rssMb, health } = beat
    if (utilization > BUSY && lagMs > maxLoopLagMs)
      return `its event loop keeps others waiting for ${Math.round(lagMs)} ms, more than maxLoopLagMs: ${maxLoopLagMs}`
    if (heapMb > maxHeapMb) return `its heap has ${Math.round(heapMb)} MB, more than maxHeapMb: ${maxHeapMb}`
    if (heapShare > maxHeapShare)
      return `its heap is ${Math.round(heapShare * 100)} % full, more than maxHeapShare: ${maxHeapShare}`
    if (this.#judgesRss && rssMb > maxRssMb)
      return `it has ${Math.round(rssMb)} MB of memory, more than maxRssMb: ${maxRssMb}`
    return health === undefined ? undefined : this.#complainOfPath(health)
  }

  #complainOfPath({ status, reason = 'no answer' }: NonNullable<Vitals['health']>): string | undefined {
    if (status !== undefined && status < 500) return undefined
    return `${this.#rules.path ?? 'the path of its health'} answers ${status === undefined ? `nothing: ${reason}` : status}`
  }

  /** It is gone. */
  forget(key: string): void {
    this.#patients.delete(key)
  }
}
