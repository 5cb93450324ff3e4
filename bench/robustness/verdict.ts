import type { Case } from './case.ts'
import type { Outcome } from './facts.ts'
import type { Run } from './runner.ts'

/** The sentence on one pool in one case. */
export interface Verdict {
  /** `null`: the case was not asked of this pool. */
  passed: boolean | null
  /** What a cell of the table says: `passes`, or the worst defect in few words. */
  word: string
  /** What was seen, by column of the case's own table. */
  details: Record<string, string>
}

/** Possible defects from the worst to the mildest; the first that applies is the word. */
export type Defects = readonly (readonly [applies: boolean, word: string])[]

/** What the judge of one kind of case says. */
export interface Opinion {
  defects: Defects
  details: Record<string, string>
}

/** Judges the facts of one kind of case; the program itself is judged elsewhere. */
export type Judge<Kind extends Case['kind']> = (run: Run, row: Extract<Case, { kind: Kind }>) => Opinion

export function isPending(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'pending'
}

export function isWrong(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'value' && !outcome.right
}

export function isRefused(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'error'
}

/** How an outcome reads in a table. */
export function tellOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not reached'
  if (outcome.status === 'pending') return '**never settles**'
  if (outcome.status === 'error') return `rejects: ${outcome.text.split('\n')[0] || '(an empty error)'}`
  return outcome.right ? `answers ${outcome.text}` : `**answers ${outcome.text}**`
}
