import { ensureBuilt } from '../shared/build.ts'
import { toNodeEnv } from '../shared/manifest.ts'
import { runCommand, runNode } from '../shared/run-command.ts'
import { toOutcome, type Outcome } from './step.ts'

/** Longer than the limit that the run itself keeps, and tells about. */
const timeoutMs = 960_000

/**
 * The whole suite on one major version of Node, from `tools/node<major>`.
 *
 * `EISENMP_TESTED_NODE` names the major that a caller has tested already.
 */
export async function runTestsOn(major: string): Promise<Outcome> {
  if (process.env.EISENMP_TESTED_NODE === major) return { state: 'skipped', note: 'tested before, by the caller' }
  const installed = await runNode(['scripts/bootstrap.mjs', 'which', major])
  if (!installed.ok) return toOutcome(installed)
  const node = installed.output.trim().split('\n').at(-1) ?? ''
  const built = await ensureBuilt()
  if (!built.ok) return toOutcome(built)
  const env = { ...toNodeEnv(node), EISENMP_EXPECT_NODE: major }
  const result = await runCommand(node, ['scripts/test.ts'], { env, timeoutMs })
  return toOutcome(result, toNote(result.output))
}

function toNote(output: string): string {
  const count = (word: string): string => new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? '?'
  return `${count('pass')} tests passed, ${count('skipped')} skipped`
}
