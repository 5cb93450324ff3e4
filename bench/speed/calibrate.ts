import { churn } from './work.ts'

/** Rounds of arithmetic in one microsecond, on one thread, when warm. */
export function calibrate(): number {
  const times = 20_000_000
  churn(1, times)
  const start = performance.now()
  churn(1, times)
  return times / ((performance.now() - start) * 1000)
}
