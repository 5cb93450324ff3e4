import { churn } from './work.ts'

/** Rounds of arithmetic in one microsecond, on one thread, when warm: at best, since other programs can only disturb. */
export function calibrate(): number {
  const times = 2_000_000
  churn(1, times)
  let best = Infinity
  for (let attempt = 0; attempt < 20; attempt++) {
    const start = performance.now()
    churn(1, times)
    best = Math.min(best, performance.now() - start)
  }
  return times / (best * 1000)
}
