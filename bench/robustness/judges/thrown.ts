import type { ErrorFacts } from '../facts.ts'
import type { Judge } from '../verdict.ts'
import { isPending, tellOutcome } from '../verdict.ts'

/** What `throwSubclass` in `workers/tasks.ts` throws. */
const PARTS: Record<string, (one: ErrorFacts) => boolean> = {
  class: (one) => [one.className, one.name].includes('OrderError'),
  message: (one) => one.message === 'order refused',
  code: (one) => one.code === 'ERR_ORDER',
  fields: (one) => one.fields['order'] === "{ id: 42, lines: [ 'a', 'b' ] }",
}

/** What the error of the chain that kept most has lost. */
function listLost(chain: readonly ErrorFacts[]): string[] {
  const losses = chain.map((one, index) => {
    const parts = Object.keys(PARTS).filter((part) => PARTS[part]?.(one) !== true)
    const hasCause = chain.slice(index + 1).some((next) => next.message === 'no stock' && next.name === 'RangeError')
    return hasCause ? parts : [...parts, 'cause']
  })
  return losses.toSorted((a, b) => a.length - b.length)[0] ?? []
}

/** What is left of a thrown value, in the rejection itself or in its cause chain. */
export const judgeThrown: Judge<'thrown'> = ({ facts: { thrown } }, row) => {
  const chain = thrown?.status === 'error' ? thrown.chain : []
  const isTextLost = row.what === 'text' && !chain.some((one) => one.message.includes('only a text'))
  const lost = row.what === 'subclass' ? listLost(chain) : isTextLost ? ['the text'] : []
  return {
    defects: [
      [isPending(thrown), 'hangs'],
      [thrown?.status !== 'error', 'no error'],
      [lost.length > 0, `loses ${lost.join(', ')}`],
    ],
    details: { rejection: tellOutcome(thrown), lost: lost.join(', ') || 'nothing' },
  }
}
