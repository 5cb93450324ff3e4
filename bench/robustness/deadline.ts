import type { Outcome } from './facts.ts'
import { describeError, describeValue } from './facts.ts'

/** How long a driver needs to get here on a quiet machine; generous, it is only a yardstick. */
const QUIET_START_MS = 300

/**
 * How much slower than that the machine is just now, 1 to 6. Every wait for a hang is stretched by it, so that a busy
 * machine is not mistaken for a hang.
 */
export const patience: number = Math.min(6, Math.max(1, performance.now() / QUIET_START_MS))

/** A promise under observation: never rejects, and can be looked at while it is pending. */
export interface Watched {
  /** What became of it so far. */
  now(): Outcome
  settled: Promise<void>
}

/** Starts something and watches it; a synchronous throw counts as a rejection. */
export function watch(start: () => Promise<unknown>, isRight: (value: unknown) => boolean): Watched {
  let outcome: Outcome = { status: 'pending' }
  const settled = (async () => {
    try {
      const value = await start()
      outcome = describeValue(value, isRight(value))
    } catch (error) {
      outcome = describeError(error)
    }
  })()
  return { now: () => outcome, settled }
}

/** Resolves when all are settled, or at the deadline, which is stretched by {@link patience}. The timer keeps the program alive for exactly as long. */
export async function waitFor(watched: readonly Watched[], ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms * patience)
  })
  await Promise.race([deadline, Promise.all(watched.map((one) => one.settled))])
  clearTimeout(timer)
}

/** What becomes of one promise within the deadline. */
export async function observe(
  start: () => Promise<unknown>,
  ms: number,
  isRight: (value: unknown) => boolean = () => true,
): Promise<Outcome> {
  const watched = watch(start, isRight)
  await waitFor([watched], ms)
  return watched.now()
}
