import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { type OutputOptions, rolldown } from 'rolldown'

/** Name in `embeddedEntries` to the compiled file, and to the place of its bundle, seen from `dist/`. */
const entries = {
  thread: { from: 'backends/entries/thread.js', to: 'entries/thread.js' },
  process: { from: 'backends/entries/process.js', to: 'entries/process.js' },
} as const

/** Loaded by workers, by the name of an export of the package. */
const mates = ['mates/watchdog.js']

const embedded = 'backends/embedded-entries.js'
const index = 'index.js'
/** It stays one file for each module: only its first two are read by a Node that is too old for the rest. */
const commandLine = `cli${sep}`

/**
 * Puts the compiled modules together: the library becomes one file, and each worker entry and each mate another one.
 *
 * Every thread of a program then reads one file instead of dozens, which are a seventh of the time until the first
 * result of two workers (297 ms became 255 ms, Node 24, 2 cores). The types stay one file for each module.
 *
 * The text of the entries is in the library as well: once a user's bundler has put that into a single file, the entries
 * no longer lie beside it, and a worker is started from the text.
 *
 * @param folder - A complete output of the compiler.
 */
export async function bundle(folder: string): Promise<void> {
  const texts: Record<string, string> = {}
  const dense: Record<string, string> = {}
  for (const [name, { from }] of Object.entries(entries)) {
    texts[name] = await bundleFile(folder, from, 'dce-only')
    // Only their length counts: each program reads them with the library, and hardly any starts a worker from them.
    dense[name] = await bundleFile(folder, from, {
      compress: false,
      mangle: false,
      codegen: { removeWhitespace: true },
    })
  }
  if (!existsSync(join(folder, embedded)))
    throw new Error(`Cannot embed the worker entries: the compiler wrote no ${embedded}`)
  // Stacks would else show the whole text as the address of every frame.
  const lines = Object.entries(dense).map(
    ([name, text]) => `  ${name}: ${JSON.stringify(`${text}\n//# sourceURL=eisenmp:${name}-entry\n`)},\n`,
  )
  writeFileSync(join(folder, embedded), `export const embeddedEntries = {\n${lines.join('')}}\n`)
  const library = await bundleFile(folder, index, 'dce-only')
  const alone: Record<string, string> = {}
  for (const mate of mates) alone[mate] = await bundleFile(folder, mate, 'dce-only')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js') && !file.startsWith(commandLine)) rmSync(join(folder, file))
  }
  writeFileSync(join(folder, index), library)
  for (const [mate, text] of Object.entries(alone)) writeFileSync(join(folder, mate), text)
  for (const [name, { to }] of Object.entries(entries)) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    writeFileSync(join(folder, to), texts[name]!)
  }
}

async function bundleFile(
  folder: string,
  input: string,
  minify: NonNullable<OutputOptions['minify']>,
): Promise<string> {
  if (!existsSync(join(folder, input))) throw new Error(`Cannot bundle ${input}: the compiler did not write it`)
  const rolled = await rolldown({
    // Comments name the modules relative to this: a build must not depend on where it was made.
    cwd: folder,
    input,
    platform: 'node',
    external: /^node:/,
    // An unresolved import would only show when a user's worker starts.
    onLog: (_level, log) => {
      throw new Error(`Cannot bundle ${input}: ${log.message}`)
    },
  })
  try {
    const { output } = await rolled.generate({
      format: 'esm',
      codeSplitting: false,
      minify,
      // Documentation is in the types. What V8 need not read, it has read sooner.
      comments: false,
    })
    if (output.length !== 1) throw new Error(`Cannot bundle ${input}: it became ${output.length} files`)
    return output[0].code
  } finally {
    await rolled.close()
  }
}
