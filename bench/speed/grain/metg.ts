import { type Point, findMetg, summarize } from '../figures.ts'
import { format } from '../question.ts'
import type { GrainSeries } from './protocol.ts'

type Cell = Pick<GrainSeries, 'plainUs' | 'efficiency'>

/**
 * METG(50 %) of a contender, by what items really cost in the plain loop: of the medians, with the least and the greatest
 * of single rounds.
 */
export function describeMetg(cells: readonly Cell[]): string {
  const medians = cells.map(({ plainUs, efficiency }): Point => {
    return { costUs: summarize(plainUs).median, efficiency: summarize(efficiency).median }
  })
  const costs = medians.map(({ costUs }) => costUs)
  const metg = findMetg(medians)
  if (metg === undefined) return `> ${format(Math.max(...costs))} µs`
  if (metg === Math.min(...costs)) return `≤ ${format(metg)} µs`
  const rounds = cells[0]!.plainUs.map((_, round) =>
    findMetg(cells.map(({ plainUs, efficiency }) => ({ costUs: plainUs[round]!, efficiency: efficiency[round]! }))),
  )
  const found = rounds.filter((each) => each !== undefined)
  const low = format(Math.min(metg, ...found))
  const high = found.length < rounds.length ? `>${format(Math.max(...costs))}` : format(Math.max(metg, ...found))
  return low === high ? `${format(metg)} µs` : `${format(metg)} µs (${low}–${high})`
}
