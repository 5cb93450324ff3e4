import type { Judge } from '../verdict.ts'
import { isPending, isRefused, tellOutcome } from '../verdict.ts'

function tellEnd(isTrapped: boolean, lagMs: number): string {
  if (isTrapped) return '**never**'
  return lagMs > 1000 ? `after ${(lagMs / 1000).toFixed(1)} s` : 'within 1 s'
}

/** After close, nothing may keep the program. */
export const judgeEnding: Judge<'ending'> = ({ facts, exit, endedAt }) => {
  const lagMs = (endedAt - (facts.closedAt ?? endedAt)) / (facts.patience ?? 1)
  return {
    defects: [
      [isPending(facts.closed), 'close hangs'],
      [isRefused(facts.closed), 'close fails'],
      [exit.trapped, 'never ends'],
      [lagMs > 3000, `ends after ${(lagMs / 1000).toFixed(0)} s`],
    ],
    details: {
      'call before': tellOutcome(facts.later),
      close: facts.closed?.status === 'value' ? 'resolves' : tellOutcome(facts.closed),
      'program ends': tellEnd(exit.trapped, lagMs),
    },
  }
}

/** After the program is killed, nothing may be left of it. */
export const judgeOrphans: Judge<'orphans'> = ({ facts, leftovers }) => ({
  defects: [
    [facts.done !== true, 'workers not busy'],
    [(leftovers ?? 0) > 0, `${leftovers} processes left`],
  ],
  details: { 'processes left after 1 s': leftovers === null ? 'not counted' : String(leftovers) },
})
