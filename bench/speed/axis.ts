import type { Axis } from './question.ts'

/** Where values stand on an axis, from 0 to 1, and which of them are written beside it. */
export interface Scale {
  readonly ticks: readonly number[]
  place(value: number): number
}

function listDecades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  return Array.from({ length: Math.max(1, last - first) + 1 }, (_, i) => Number((10 ** (first + i)).toPrecision(1)))
}

/** Steps of 1, 2, 2.5 or 5 times a power of ten. */
function listSteps(high: number): number[] {
  const rough = high / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!
  return Array.from({ length: Math.ceil(high / step - 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)))
}

/** Logarithmic from decade to decade, or linear from 0. */
export function createScale({ isLogarithmic }: Axis, values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return { ticks: [0, 1], place: (value) => value }
  const high = Math.max(...positive)
  if (!isLogarithmic) {
    const ticks = listSteps(high)
    return { ticks, place: (value) => value / ticks.at(-1)! }
  }
  const ticks = listDecades(Math.min(...positive), high)
  const [low, span] = [Math.log10(ticks[0]!), Math.log10(ticks.at(-1)! / ticks[0]!)]
  return { ticks, place: (value) => (Math.log10(value) - low) / span }
}
