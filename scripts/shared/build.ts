import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '../bundle.ts'
import { compileExamples } from './compile-examples.ts'
import { listFiles } from './list-files.ts'
import { readManifest, toBin } from './manifest.ts'
import { toPath } from './root.ts'
import { runNode, type CommandResult } from './run-command.ts'

const stampPath = toPath('temp/build-stamp')

/**
 * Compiles `src/` into `dist/` and bundles it; the examples go into `dist/examples/`.
 *
 * The new build takes the place of the old one only when it is complete, and by a rename: who runs from `dist/` at that
 * moment finds the one or the other.
 */
export async function build(): Promise<CommandResult> {
  const stamp = hashInputs()
  const target = toPath(`temp/build-${process.pid}`)
  try {
    const compiled = await runNode([toBin('typescript', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', target])
    if (!compiled.ok) return compiled
    await bundle(target)
    const examples = await compileExamples(join(target, 'examples'))
    if (!examples.ok) return examples
    assertEntries(target)
    replaceDist(target)
    writeFileSync(stampPath, stamp)
    return { ok: true, output: compiled.output }
  } catch (error) {
    return { ok: false, output: error instanceof Error ? error.message : String(error) }
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}

/** Builds when `dist/` is not that of the present sources. */
export async function ensureBuilt(): Promise<CommandResult> {
  const isFresh =
    existsSync(toPath('dist')) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === hashInputs()
  return isFresh ? { ok: true, output: '' } : build()
}

/** What package.json promises must come out of the compiler. */
function assertEntries(target: string): void {
  const { exports, bin = {} } = readManifest()
  const promised = [...Object.values(exports), bin]
    .flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)))
    .filter((path) => /^(\.\/)?dist\//.test(path))
  const missing = promised.filter((path) => !existsSync(join(target, path.replace(/^(\.\/)?dist\//, ''))))
  if (missing.length > 0) throw new Error(`Cannot build: src/ has no source of ${missing.join(', ')}`)
}

function replaceDist(target: string): void {
  const old = toPath(`temp/old-${process.pid}`)
  if (existsSync(toPath('dist'))) renameSync(toPath('dist'), old)
  renameSync(target, toPath('dist'))
  rmSync(old, { recursive: true, force: true })
}

function hashInputs(): string {
  mkdirSync(toPath('temp'), { recursive: true })
  const others = [
    'scripts/bundle.ts',
    'scripts/shared/build.ts',
    'scripts/shared/compile-examples.ts',
    'tsconfig.json',
    'tsconfig.build.json',
    'package.json',
    'package-lock.json',
  ]
  const hash = createHash('sha256')
  for (const file of [...listFiles('src', /\.ts$/), ...listFiles('examples', /\.(ts|json|txt)$/), ...others]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(toPath(file)))
      .update('\0')
  }
  return hash.digest('hex')
}
