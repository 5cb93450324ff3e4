import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** Name in `embeddedEntries` to the compiled file, seen from `dist/`. */
const entries = {
  thread: 'backends/entries/thread.js',
  process: 'backends/entries/process.js',
} as const

const target = 'backends/embedded-entries.js'

/**
 * Writes the worker entries into `embedded-entries.js`, each as one self-contained module.
 *
 * Once a user's bundler has put the library into a single file, the entries no longer lie beside it: then a worker is
 * started from this text.
 *
 * @param folder - A complete output of the compiler.
 */
export async function embedEntries(folder: string): Promise<void> {
  const texts: Record<string, string> = {}
  for (const [name, file] of Object.entries(entries)) {
    if (!existsSync(join(folder, file))) {
      throw new Error(`Cannot embed the worker entry "${name}": the compiler wrote no ${file}`)
    }
    // Stacks would else show the whole text as the address of every frame.
    texts[name] = `${await bundleEntry(folder, file)}\n//# sourceURL=eisenmp:${name}-entry\n`
  }
  if (!existsSync(join(folder, target)))
    throw new Error(`Cannot embed the worker entries: the compiler wrote no ${target}`)
  const lines = Object.entries(texts).map(([name, text]) => `  ${name}: ${JSON.stringify(text)},\n`)
  writeFileSync(join(folder, target), `export const embeddedEntries = {\n${lines.join('')}}\n`)
}

async function bundleEntry(folder: string, input: string): Promise<string> {
  const bundle = await rolldown({
    // Comments name the modules relative to this: a build must not depend on where it was made.
    cwd: folder,
    input,
    platform: 'node',
    external: /^node:/,
    // An unresolved import would only show when a user's worker starts.
    onLog: (_level, log) => {
      throw new Error(`Cannot embed ${input}: ${log.message}`)
    },
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false, minify: 'dce-only' })
    if (output.length !== 1) throw new Error(`Cannot embed ${input}: it became ${output.length} files`)
    return output[0].code
  } finally {
    await bundle.close()
  }
}
