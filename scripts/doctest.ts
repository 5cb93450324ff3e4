/**
 * Runs the examples of the documentation: README.md, docs/, and the docstrings of `src/`.
 *
 * Each fenced block in TypeScript is a module and must run to its end and compile, against the built package under its
 * own name. A block whose first line is `// file: primes.worker.ts` is written beside the others of its document under
 * that name; if the name ends in `main.ts` it is also run. `no-run` after the language excuses a block: a sketch, an
 * excerpt, or what needs a network.
 *
 *     node scripts/doctest.ts [file...]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, toOutcome, type Outcome } from './check/step.ts'
import { extractExamples, type Example } from './doctest/extract.ts'
import { ensureBuilt } from './shared/build.ts'
import { listFiles } from './shared/list-files.ts'
import { toBin } from './shared/manifest.ts'
import { toPath } from './shared/root.ts'
import { runNode } from './shared/run-command.ts'

const folder = 'temp/doctest'
const timeoutMs = 60_000
const concurrency = 3

/** Runs all examples, or those of the named files. */
export async function checkDocs(files: readonly string[] = listDocuments()): Promise<Outcome> {
  const built = await ensureBuilt()
  if (!built.ok) return toOutcome(built)
  const examples = files.flatMap((file) => extractExamples(file))
  if (examples.length === 0)
    return fail('There is no example to run: README.md, docs/**/*.md and the docstrings of src/ have none')
  writeExamples(examples)
  const failures = [...(await compileExamples()), ...(await runExamples(examples))]
  if (failures.length > 0) return fail(failures.join('\n\n'))
  return { state: 'ok', note: `${examples.length} examples` }
}

/** Decisions keep the sketches that were weighed at their time. */
function listDocuments(): string[] {
  const documents = listFiles('docs', /\.md$/).filter((file) => !file.startsWith('docs/decisions/'))
  return [
    ...listFiles('.', /^README\.md$/).filter((file) => file === 'README.md'),
    ...documents,
    ...listFiles('src', /\.ts$/),
  ]
}

function writeExamples(examples: readonly Example[]): void {
  rmSync(toPath(folder), { recursive: true, force: true })
  for (const { name, files } of examples) {
    for (const [file, text] of files) {
      const path = join(toPath(folder), name, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }
  // Against dist/, by the package's own name, as its users do.
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths: {}, noUnusedLocals: false, noUnusedParameters: false },
  }
  writeFileSync(join(toPath(folder), 'tsconfig.json'), JSON.stringify({ ...config, include: ['.'], exclude: [] }))
}

async function compileExamples(): Promise<string[]> {
  const { ok, output } = await runNode([toBin('typescript', 'tsc'), '-p', `${folder}/tsconfig.json`])
  return ok ? [] : [output]
}

/** A few at a time: most of an example's time is the start of its workers. */
async function runExamples(examples: readonly Example[]): Promise<string[]> {
  const failures: string[] = []
  const waiting = [...examples]
  async function runWaiting(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { ok, output } = await runNode([next.main], { cwd: join(toPath(folder), next.name), timeoutMs })
      if (!ok) failures.push(`${next.place}\n${output}`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runWaiting))
  return failures
}

if (import.meta.main) {
  const named = process.argv.slice(2)
  const { state, note, output } = await checkDocs(named.length > 0 ? named : undefined)
  console.log(output ?? note)
  process.exitCode = state === 'ok' ? 0 : 1
}
