import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles } from './list-files.ts'
import { toBin } from './manifest.ts'
import { toPath } from './root.ts'
import { runNode, type CommandResult } from './run-command.ts'

/** Files of `examples/` that are published as they are. What makes them stays in the repository. */
const data = [
  'gallery.json',
  ...listFiles('examples/data', /\.(txt|parquet)$/).map((file) => file.replace('examples/', '')),
]

/** The sources of the examples that are published; they become JavaScript, since Node strips no types in node_modules. */
export function listExamples(): string[] {
  return listFiles('examples', /\.ts$/).filter((file) => !file.startsWith('examples/data/'))
}

/** The published files of `examples/`, seen from there. */
export function listExampleFiles(): string[] {
  return [...listExamples().map((file) => file.replace(/^examples\/(.*)\.ts$/, '$1.js')), ...data]
}

/**
 * Compiles the examples into a folder, file by file and with their comments, so that a user can read them there too.
 *
 * @param target - Where `gallery.json` will be.
 */
export async function compileExamples(target: string): Promise<CommandResult> {
  const config = toPath(`temp/examples-${process.pid}.json`)
  const compilerOptions = { noEmit: false, noCheck: true, rootDir: '../examples', outDir: target, paths: {} }
  const files = listExamples().map((file) => `../${file}`)
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', compilerOptions, include: files, exclude: [] }))
  try {
    const compiled = await runNode([toBin('typescript', 'tsc'), '-p', config])
    if (!compiled.ok) return compiled
    for (const file of readdirSync(target, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.js')) renameWorkers(join(target, file))
    }
    mkdirSync(join(target, 'data'), { recursive: true })
    for (const file of data) copyFileSync(toPath(`examples/${file}`), join(target, file))
    return compiled
  } finally {
    rmSync(config, { force: true })
  }
}

/** The compiler rewrites the paths of imports, not those of worker modules. */
function renameWorkers(path: string): void {
  const text = readFileSync(path, 'utf8')
  const renamed = text
    .replaceAll(/(new URL\('\.[^']*)\.ts'/g, "$1.js'")
    .replaceAll(/^\/\/ {3}node examples\/([\w-]+)\.ts/gm, '//   npx eisenmp examples $1')
  if (renamed !== text) writeFileSync(path, renamed)
}
