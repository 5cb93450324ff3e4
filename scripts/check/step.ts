import type { CommandResult } from '../shared/run-command.ts'

export type Outcome = {
  readonly state: 'ok' | 'failed' | 'skipped'
  /** A few words beside the step's name. */
  readonly note?: string
  /** Shown only when the step failed. */
  readonly output?: string
}

export type Step = {
  readonly name: string
  run(): Promise<Outcome>
}

export function toOutcome({ ok, output }: CommandResult, note?: string): Outcome {
  return { state: ok ? 'ok' : 'failed', output, ...(note !== undefined && { note }) }
}

/** Runs parts one after another, all of them: a change often breaks more than one. */
export async function runAll(parts: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const part of parts) outcomes.push(await part())
  const failures = outcomes.filter(({ state }) => state === 'failed')
  if (failures.length > 0) return fail(failures.map(({ output }) => output).join('\n'))
  return { state: 'ok', note: outcomes.flatMap(({ note }) => note ?? []).join(', ') }
}

export function fail(output: string): Outcome {
  return { state: 'failed', output }
}
