import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
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
    async () =>
      toOutcome(
        await runNode([toBin('@arethetypeswrong/cli', 'attw'), '--profile', 'esm-only', '--no-emoji', tarball]),
      ),
  ])
}

/** The library is one file and each worker entry another; types are one file for each module. */
function compareFiles(actual: readonly string[]): Outcome {
  const types = listFiles('src', /\.ts$/).map((file) => file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.d.ts'))
  const bundles = ['dist/index.js', 'dist/entries/thread.js', 'dist/entries/process.js']
  const wanted = [
    ...documents.filter((file) => file !== 'CHANGELOG.md' || existsSync(toPath(file))),
    ...bundles,
    ...types,
  ]
  const files = new Set(actual.map((file) => file.replace(/^package\//, '')))
  const missing = wanted.filter((file) => !files.delete(file))
  if (missing.length === 0 && files.size === 0) return { state: 'ok', note: `${actual.length} files` }
  return fail(
    `The tarball lacks: ${missing.join(', ') || '–'}\nThe tarball has besides: ${[...files].join(', ') || '–'}`,
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
