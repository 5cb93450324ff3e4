import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFiles } from '../shared/list-files.ts'
import { toBin } from '../shared/manifest.ts'
import { toPath } from '../shared/root.ts'
import { runNode } from '../shared/run-command.ts'
import { fail, runAll, toOutcome, type Outcome } from './step.ts'

/** The compiler says nothing about a path that is not there, so a moved layer would leave its check without a word. */
function findMissing(project: string): string[] {
  const { include } = JSON.parse(readFileSync(toPath(project), 'utf8')) as { include: string[] }
  return include.filter((path) => !path.includes('*') && !existsSync(join(dirname(toPath(project)), path)))
}

async function compile(project: string): Promise<Outcome> {
  const missing = findMissing(project)
  if (missing.length > 0) return fail(`${project} names what does not exist: ${missing.join(', ')}`)
  return toOutcome(await runNode([toBin('typescript', 'tsc'), '--noEmit', '-p', project]))
}

/**
 * Type tests are files of `test/types/` that must compile: what must not is marked there with `@ts-expect-error`, which
 * is an error of its own where nothing is wrong.
 */
async function findTypeTests(): Promise<Outcome> {
  const files = listFiles('test/types', /\.test-d\.ts$/)
  if (files.length === 0) return fail('There are no type tests: test/types/*.test-d.ts')
  return { state: 'ok', note: `${files.length} type tests` }
}

/** Everything with Node's types, the pure layers without; the benchmarks without the packages that they compare with. */
export function checkTypes(): Promise<Outcome> {
  const projects = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.pure.json']
  const others = ['tsconfig.browser.json', 'bench/tsconfig.json'].filter((project) => existsSync(toPath(project)))
  return runAll([...[...projects, ...others].map((project) => () => compile(project)), findTypeTests])
}
