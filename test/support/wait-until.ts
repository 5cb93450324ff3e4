import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** Far more than anything takes on a machine that has other work too. */
export const DEADLINE_MS = 20_000

/** Looks every few ms until the condition holds; fails the test when it does not in time. */
export async function waitUntil(holds: () => boolean, what: string, deadlineMs = DEADLINE_MS): Promise<void> {
  const endsAt = performance.now() + deadlineMs
  while (!holds()) {
    if (performance.now() > endsAt) assert.fail(`${what}: not within ${deadlineMs} ms`)
    await sleep(2)
  }
}

/** Rejects when the promise does not settle in time, so that a test which hangs says where. */
export async function within<T>(promise: Promise<T>, what: string, deadlineMs = DEADLINE_MS): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`${what}: not within ${deadlineMs} ms`)), deadlineMs)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
