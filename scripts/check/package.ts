import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { listExampleFiles } from '../shared/compile-examples.ts'
import { listFiles } from '../shared/list-files.ts'
import { readManifest, toBin } from '../shared/manifest.ts'
import { toPath } from '../shared/root.ts'
import { ensureBuilt } from '../shared/build.ts'
import { runCommand, runNode } from '../shared/run-command.ts'
import { fail, runAll, toOutcome, type Outcome } from './step.ts'

const packFolder = toPath('temp/pack')
const documents = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json'] as const

/** What is published: its shape, its files, and the lock files behind it. */
export async function checkPackage(): Promise<Outcome> {
  const built = await ensureBuilt()
  if (!built.ok) return toOutcome(built)
  return runAll([
    async () => toOutcome(await runNode([toBin('publint', 'publint'), '--strict', '--pack', 'false'])),
    checkTarball,
    checkLockFiles,
  ])
}

async function checkTarball(): Promise<Outcome> {
  rmSync(packFolder, { recursive: true, force: true })
  mkdirSync(packFolder, { recursive: true })
  // Without scripts: `prepack` would build again.
  const packed = await runCommand('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', packFolder])
  if (!packed.ok) return toOutcome(packed)
  const { name, version } = readManifest()
  const tarball = join(packFolder, `${name}-${version}.tgz`)
  const listed = await runCommand('tar', ['-tzf', tarball])
  if (!listed.ok) return toOutcome(listed)
  return runAll([
    async () => compareFiles(listed.output.trim().split('\n')),
    () => runInstalled(tarball),
    async () =>
      toOutcome(
        await runNode([toBin('@arethetypeswrong/cli', 'attw'), '--profile', 'esm-only', '--no-emoji', tarball]),
      ),
  ])
}

/** Each library is one file, with one in common, and each worker entry another; types, command line and examples are one for each module. */
function compareFiles(actual: readonly string[]): Outcome {
  const types = listFiles('src', /\.ts$/).map((file) => file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.d.ts'))
  const libraries = ['index', 'server', 'common', 'mates/watchdog']
  const workers = ['entries', 'service-entries'].flatMap((folder) => [`${folder}/thread`, `${folder}/process`])
  const bundles = [...libraries, ...workers].map((name) => `dist/${name}.js`)
  const commandLine = types.filter((file) => file.startsWith('dist/cli/')).map((file) => file.replace('.d.ts', '.js'))
  const examples = listExampleFiles().map((file) => `dist/examples/${file}`)
  const wanted = [
    ...documents.filter((file) => file !== 'CHANGELOG.md' || existsSync(toPath(file))),
    ...bundles,
    ...commandLine,
    ...examples,
    ...types,
  ]
  const files = new Set(actual.map((file) => file.replace(/^package\//, '')))
  const missing = wanted.filter((file) => !files.delete(file))
  if (missing.length === 0 && files.size === 0) return { state: 'ok', note: `${actual.length} files` }
  return fail(
    `The tarball lacks: ${missing.join(', ') || '–'}\nThe tarball has besides: ${[...files].join(', ') || '–'}`,
  )
}

/** In a folder with nothing but the package, as in that of a user: its own name, JavaScript only, no development package. */
async function runInstalled(tarball: string): Promise<Outcome> {
  const home = join(packFolder, 'node_modules/eisenmp')
  mkdirSync(home, { recursive: true })
  const unpacked = await runCommand('tar', ['-xzf', tarball, '-C', home, '--strip-components=1'])
  if (!unpacked.ok) return toOutcome(unpacked)
  const bin = join(home, 'dist/cli/bin.js')
  return runAll(
    (['primes', 'letter-puzzle'] as const).map((name) => async () => {
      return toOutcome(await runNode([bin, 'examples', name, '--workers', '1'], { cwd: packFolder }))
    }),
  )
}

/** An address in a lock file would bind everyone to the registry of who wrote it. */
function checkLockFiles(): Promise<Outcome> {
  const files = [
    'package-lock.json',
    'bench/package-lock.json',
    ...['22', '24', '26'].map((major) => `tools/node${major}/package-lock.json`),
  ]
  const bound = files.filter(
    (file) => existsSync(toPath(file)) && /"resolved"|https?:\/\/[^"]*\.tgz/.test(readFileSync(toPath(file), 'utf8')),
  )
  return Promise.resolve(bound.length === 0 ? { state: 'ok' } : fail(`Lock files with addresses: ${bound.join(', ')}`))
}
