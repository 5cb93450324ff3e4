// A task with a mistake: one item keeps it spinning for ever.

/** Counts the steps from `n` down to 1: half of an even number, three times an odd one and one more. From 0: endless. */
export function countSteps(n: number): number {
  let steps = 0
  for (let value = n; value !== 1; value = value % 2 === 0 ? value / 2 : 3 * value + 1) steps += 1
  return steps
}
