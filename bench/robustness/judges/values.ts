import type { Outcome } from '../facts.ts'
import type { Judge } from '../verdict.ts'
import { isPending, isRefused, isWrong } from '../verdict.ts'

/** Values there and back: a hang is worse than a silent change, a change worse than a refusal. */
export const judgeValues: Judge<'values'> = ({ facts }) => {
  const values = Object.entries(facts.values ?? {})
  const name = (test: (outcome: Outcome) => boolean): string =>
    values
      .filter(([, outcome]) => test(outcome))
      .map(([key]) => key)
      .join(', ')
  const [changed, hung, refused] = [name(isWrong), name(isPending), name(isRefused)]
  return {
    defects: [
      [values.length === 0, 'not reached'],
      [hung !== '', `hangs on ${hung}`],
      [changed !== '', `changes ${changed}`],
      [refused !== '', `refuses ${refused}`],
    ],
    details: { changed: changed || 'none', refused: refused || 'none', 'never settles': hung || 'none' },
  }
}
