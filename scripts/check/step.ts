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

/** Runs parts one after another up to the first that fails. */
export async function runAll(parts: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  let notes = ''
  for (const part of parts) {
    const outcome = await part()
    if (outcome.state === 'failed') return outcome
    if (outcome.note) notes += `${notes === '' ? '' : ', '}${outcome.note}`
  }
  return notes === '' ? { state: 'ok' } : { state: 'ok', note: notes }
}

export function fail(output: string): Outcome {
  return { state: 'failed', output }
}
