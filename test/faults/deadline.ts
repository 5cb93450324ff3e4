import { availableParallelism, loadavg } from 'node:os'

/** The more others want of the machine, the longer an honest worker takes to start: traps are for what never ends. */
export function stretch(ms: number): number {
  return ms * Math.min(6, Math.max(1, loadavg()[0]! / availableParallelism()))
}

/** The time trap of a single wait. A test has its own around all of it. */
const TRAP_MS = 8000
const LOOK_EVERY_MS = 5

/** Waits for a promise, but not for ever: a promise that hangs is what these tests look for. */
export async function within<T>(what: string, promise: PromiseLike<T>, trapMs: number = TRAP_MS): Promise<T> {
  const limitMs = stretch(trapMs)
  let timer: NodeJS.Timeout | undefined
  const trap = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${Math.round(limitMs)} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, trap])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for a condition; `false` when it has not come true in time. */
export async function comesTrue(condition: () => boolean, trapMs: number = TRAP_MS): Promise<boolean> {
  const end = performance.now() + stretch(trapMs)
  while (!condition()) {
    if (performance.now() > end) return false
    const turn = Promise.withResolvers<void>()
    setTimeout(turn.resolve, LOOK_EVERY_MS)
    await turn.promise
  }
  return true
}

/** Waits for a condition. */
export async function until(what: string, condition: () => boolean, trapMs: number = TRAP_MS): Promise<void> {
  if (!(await comesTrue(condition, trapMs))) throw new Error(`${what}: not within ${Math.round(stretch(trapMs))} ms`)
}
