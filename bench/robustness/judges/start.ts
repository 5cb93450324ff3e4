import type { Judge } from '../verdict.ts'
import { isPending, isRefused, tellOutcome } from '../verdict.ts'

const MOST_TRIES = 10

/** A module that cannot be loaded: somebody must be told why, and soon. */
export const judgeStart: Judge<'start'> = ({ facts, executions }, row) => {
  const failure = [facts.opened, facts.start].find(isRefused)
  const says = failure?.status === 'error' && failure.chain.some((one) => row.says.test(`${one.name} ${one.message}`))
  const tries = executions['import'] ?? 0
  return {
    defects: [
      [isPending(facts.opened) || isPending(facts.start), 'hangs'],
      [failure === undefined, 'no error'],
      [!says, 'reason lost'],
      [tries > MOST_TRIES, `${tries} starts`],
    ],
    details: {
      'opening the pool': tellOutcome(facts.opened).replace('answers undefined', 'resolves'),
      'first call': tellOutcome(facts.start),
      ...(row.module === 'throws at import' && { 'tries of the module': String(tries) }),
    },
  }
}
