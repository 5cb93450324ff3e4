import type { Run } from './runner.ts'
import type { Defects } from './verdict.ts'
import { tellOutcome } from './verdict.ts'

/** What the program itself went through. */
export interface Survival {
  severe: Defects
  mild: Defects
  details: Record<string, string>
}

function describeDeath({ exit, facts, row }: Run): string | undefined {
  if (row.kind === 'orphans') return undefined
  if (exit.trapped) return facts.done === true ? undefined : 'program hangs'
  if (facts.done !== true) return exit.signal === null ? `program ends (${exit.code})` : `program dies (${exit.signal})`
  return exit.code === 0 ? undefined : `program exits with ${exit.code ?? exit.signal}`
}

/** Judges the program: it must live to the end, without an uncaught exception, and leave no process behind. */
export function judgeSurvival(run: Run): Survival {
  const death = describeDeath(run)
  const [uncaught] = run.facts.uncaught ?? []
  const left = run.row.kind === 'orphans' ? 0 : (run.leftovers ?? 0)
  const isShut = run.row.kind !== 'start' && run.facts.done === true && run.facts.opened?.status !== 'value'
  const isStuck = run.exit.trapped && run.facts.done === true
  return {
    severe: [
      [death !== undefined, death ?? ''],
      [uncaught !== undefined, 'uncaught exception'],
      [isShut, 'pool does not open'],
    ],
    mild: [
      [isStuck, 'program cannot end'],
      [left > 0, `${left} process${left === 1 ? '' : 'es'} left`],
    ],
    details: {
      ...(death !== undefined && { program: `**${death}**` }),
      ...(isShut && { opening: tellOutcome(run.facts.opened) }),
      ...(isStuck && { program: '**cannot end**' }),
      ...(uncaught !== undefined && { 'uncaught in the program': uncaught }),
      ...(left > 0 && { 'processes left': String(left) }),
    },
  }
}
