import { readManifest } from '../shared/manifest.ts'
import { runCommand } from '../shared/run-command.ts'
import { toOutcome, type Outcome } from './step.ts'

const timeoutMs = 300_000

/** Runs an npm script that this repository may not have. */
export async function runScript(name: string, args: readonly string[] = []): Promise<Outcome> {
  if (!readManifest().scripts?.[name]) return { state: 'skipped', note: `package.json has no script "${name}"` }
  return toOutcome(await runCommand('npm', ['run', '--silent', name, '--', ...args], { timeoutMs }))
}
