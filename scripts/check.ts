/**
 * The one gate. Runs every step, or the steps that are named, and prints for each its name, time and outcome; all output
 * of those that fail. Ends with `N passed, N failed`.
 *
 *     npm run check [-- step...]      e.g. npm run check -- lint types tests
 */
import { performance } from 'node:perf_hooks'
import { styleText } from 'node:util'
import { steps, type Outcome, type Step } from './check/steps.ts'
import { endOnInterrupt } from './shared/run-command.ts'

/** `tests` stands for `tests-22`, `tests-24` and `tests-26`. */
function selectSteps(names: readonly string[]): readonly Step[] {
  if (names.length === 0) return steps
  const matches = (step: Step, name: string): boolean => step.name === name || step.name.startsWith(`${name}-`)
  const unknown = names.filter((name) => !steps.some((step) => matches(step, name)))
  if (unknown.length > 0) {
    throw new Error(`Cannot check ${unknown.join(', ')}: the steps are ${steps.map(({ name }) => name).join(', ')}`)
  }
  return steps.filter((step) => names.some((name) => matches(step, name)))
}

async function runStep(step: Step): Promise<Outcome> {
  const startedAt = performance.now()
  const outcome = await step.run().catch((error: unknown): Outcome => {
    return { state: 'failed', output: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)
  const color = { ok: 'green', failed: 'red', skipped: 'gray' } as const
  const state = styleText(color[outcome.state], outcome.state.padEnd(7))
  console.log(`${state} ${step.name.padEnd(12)} ${seconds} s  ${outcome.note ?? ''}`.trimEnd())
  if (outcome.state === 'failed') console.log(`${(outcome.output ?? '').trimEnd()}\n`)
  return outcome
}

try {
  const selected = selectSteps(process.argv.slice(2))
  endOnInterrupt()
  const outcomes: Outcome[] = []
  // One after another: the machine's cores belong to the step, or its times and timeouts mean nothing.
  for (const step of selected) outcomes.push(await runStep(step))
  const count = (state: Outcome['state']): number => outcomes.filter((outcome) => outcome.state === state).length
  console.log(`${count('ok')} passed, ${count('failed')} failed`)
  process.exitCode = count('failed') === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
