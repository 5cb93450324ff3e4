import { existsSync } from 'node:fs'
import { toBin } from '../shared/manifest.ts'
import { toPath } from '../shared/root.ts'
import { runNode } from '../shared/run-command.ts'
import { fail, toOutcome, type Outcome } from './step.ts'

/** Without explicit paths oxlint walks into every `node_modules`. */
const required = ['src', 'test', 'scripts', 'oxlint.config.ts', 'knip.config.ts'] as const
const optional = ['examples', 'bench'] as const

export function listLintPaths(): string[] {
  return [...required, ...optional.filter((path) => existsSync(toPath(path)))]
}

export async function checkFormat(): Promise<Outcome> {
  return toOutcome(await runNode([toBin('oxfmt', 'oxfmt'), '--check']))
}

export async function checkLint(): Promise<Outcome> {
  const missing = required.filter((path) => !existsSync(toPath(path)))
  if (missing.length > 0) return fail(`Nothing to lint in ${missing.join(', ')}`)
  return toOutcome(await runNode([toBin('oxlint', 'oxlint'), ...listLintPaths()]))
}
