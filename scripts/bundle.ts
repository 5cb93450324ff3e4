import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { type InputOptions, type OutputOptions, rolldown } from 'rolldown'

/** Name in `embeddedEntries` to the compiled file, and to the place of its bundle, seen from `dist/`. */
const entries = {
  thread: { from: 'backends/entries/thread.js', to: 'entries/thread.js' },
  process: { from: 'backends/entries/process.js', to: 'entries/process.js' },
} as const

/** Loaded by workers, by the name of an export of the package. */
const mates = ['mates/watchdog.js']
/** What a worker of servers and fleets runs; in place of the compiled file beside it. */
const services = {
  'service-entries/process.js': 'server/service-entries/process.js',
  'service-entries/thread.js': 'server/service-entries/thread.js',
}

const embedded = 'backends/embedded-entries.js'
/** What a program imports. What they have in common is in a file of its own: it has state, and there must be one of it. */
const libraries = ['index.js', 'server.js']
/** It stays one file for each module: only its first two are read by a Node that is too old for the rest. */
const commandLine = `cli${sep}`

/**
 * Puts the compiled modules together: the libraries become a file each and one in common, and each worker entry and each mate
 * another one.
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
  const alone: Record<string, string> = await bundleLibraries(folder)
  for (const mate of mates) alone[mate] = await bundleFile(folder, mate, 'dce-only')
  for (const [to, from] of Object.entries(services)) alone[to] = await bundleFile(folder, from, 'dce-only')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js') && !file.startsWith(commandLine)) rmSync(join(folder, file))
  }
  for (const [name, { to }] of Object.entries(entries)) alone[to] = texts[name]!
  for (const [file, text] of Object.entries(alone)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}

async function bundleLibraries(folder: string): Promise<Record<string, string>> {
  const rolled = await rolldown({ ...toInput(folder, libraries.join(' and ')), input: libraries })
  try {
    const { output } = await rolled.generate({
      ...toOutput('dce-only'),
      entryFileNames: '[name].js',
      chunkFileNames: 'common.js',
    })
    const texts = Object.fromEntries(output.map((chunk) => [chunk.fileName, 'code' in chunk ? chunk.code : '']))
    if (output.length !== libraries.length + 1)
      throw new Error(`Cannot bundle the libraries: ${Object.keys(texts).join(', ')}`)
    return texts
  } finally {
    await rolled.close()
  }
}

function toInput(folder: string, what: string): InputOptions {
  return {
    // Comments name the modules relative to this: a build must not depend on where it was made.
    cwd: folder,
    platform: 'node',
    // The one dependency is the user's to install.
    external: /^(node:|srvx(\/|$))/,
    // An unresolved import would only show when a user's worker starts.
    onLog: (_level, log) => {
      throw new Error(`Cannot bundle ${what}: ${log.message}`)
    },
  }
}

function toOutput(minify: NonNullable<OutputOptions['minify']>): OutputOptions {
  // Documentation is in the types. What V8 need not read, it has read sooner.
  return { format: 'esm', minify, comments: false }
}

async function bundleFile(
  folder: string,
  input: string,
  minify: NonNullable<OutputOptions['minify']>,
): Promise<string> {
  if (!existsSync(join(folder, input))) throw new Error(`Cannot bundle ${input}: the compiler did not write it`)
  const rolled = await rolldown({ ...toInput(folder, input), input })
  try {
    const { output } = await rolled.generate({ ...toOutput(minify), codeSplitting: false })
    if (output.length !== 1) throw new Error(`Cannot bundle ${input}: it became ${output.length} files`)
    return output[0].code
  } finally {
    await rolled.close()
  }
}
