import { fileURLToPath } from 'node:url'
import { parseCommandLine } from './command-line.ts'
import type { CommandLine } from './command-line.ts'
import { assertInstalled, describe, openGallery } from './gallery.ts'
import type { Example, Gallery } from './gallery.ts'
import type { MenuEntry } from './menu-lines.ts'
import { showMenu } from './menu.ts'
import {
  examplesHelp,
  formatExampleHelp,
  formatList,
  formatStart,
  help,
  psHelp,
  reloadHelp,
  serveHelp,
} from './texts.ts'
import { suggest, UsageError } from './usage.ts'

/**
 * Runs the command line `eisenmp`.
 *
 * Data goes to standard output, the menu and everything else to standard error. Sets the exit code: 0, 1 for a failure, 2
 * for a wrong command line, 130 when the menu was left by Ctrl-C.
 */
export async function main(args: readonly string[], version: string): Promise<void> {
  endWithReader(process.stdout)
  endWithReader(process.stderr)
  try {
    const line = parseCommandLine(args)
    if (!line.color) turnColorsOff()
    await run(line, version)
  } catch (error) {
    const isUsage = error instanceof UsageError
    console.error(isUsage ? error.message : error)
    process.exitCode = isUsage ? error.exitCode : 1
  }
}

async function run(line: CommandLine, version: string): Promise<void> {
  if (line.command === 'version') return console.log(version)
  if (line.command === 'none' && line.passedNames.length > 0) {
    throw new UsageError(`Cannot use --${line.passedNames[0]} without an example: eisenmp examples <name>`)
  }
  if (line.about === undefined) return console.log(help)
  if (line.about !== 'examples') return runServers(line, line.about)
  const gallery = openGallery()
  if (line.operand !== undefined) return runNamed(gallery, line, line.operand)
  if (line.command === 'help') return console.log(examplesHelp)
  const { examples } = gallery
  if (line.json) return console.log(JSON.stringify(examples, undefined, 2))
  if (line.quiet) return console.log(examples.map(({ name }) => name).join('\n'))
  if (!line.input || !canShowMenu()) return console.log(formatList(listEntries(gallery), process.stdout.columns))
  await chooseAndRun(gallery, line)
}

/** Loaded when they are asked for: examples need none of it. */
async function runServers(line: CommandLine, command: 'serve' | 'reload' | 'ps'): Promise<void> {
  if (line.command === 'help') return console.log({ serve: serveHelp, reload: reloadHelp, ps: psHelp }[command])
  if (command === 'serve') return (await import('./serve-command.ts')).runServe(line)
  const { runPs, runReload } = await import('./control-commands.ts')
  return command === 'ps' ? runPs(line) : runReload(line)
}

/** A prompt in a script would wait for ever. */
function canShowMenu(): boolean {
  const { stdin, stdout, stderr, env } = process
  return stdin.isTTY && stdout.isTTY && stderr.isTTY && env['TERM'] !== 'dumb' && !env['CI']
}

function listEntries({ examples, locate }: Gallery): MenuEntry[] {
  return examples.map((example) => ({ name: example.name, text: describe(example, locate(example.name)) }))
}

async function chooseAndRun(gallery: Gallery, line: CommandLine): Promise<void> {
  const end = await showMenu(listEntries(gallery), process.stdin, process.stderr)
  if (end.kind === 'left') process.exitCode = end.exitCode
  else await runExample(gallery, line, gallery.examples[end.index]!)
}

async function runNamed(gallery: Gallery, line: CommandLine, wanted: string): Promise<void> {
  const names = gallery.examples.map(({ name }) => name)
  const name = wanted.replace(/\.[jt]s$/, '')
  const example = gallery.examples.find((each, i) => each.name === name || String(i + 1) === name)
  if (!example) throw new UsageError(`Unknown example ${wanted}: ${suggest(name, names, 'see eisenmp examples')}`)
  if (line.command !== 'help') return runExample(gallery, line, example)
  console.log(formatExampleHelp(example, fileURLToPath(gallery.locate(name))))
}

/**
 * Runs an example in this process, as if it had been started by `node`: signals and its exit code are its own.
 */
async function runExample(gallery: Gallery, line: CommandLine, example: Example): Promise<void> {
  const refused = line.passedNames.find((name) => !example.options.includes(name))
  if (refused !== undefined) {
    const known = example.options.map((name) => `--${name}`).join(', ') || 'no options'
    throw new UsageError(`Cannot use --${refused} with ${example.name}: it has ${known}`)
  }
  const file = gallery.locate(example.name)
  assertInstalled(example, file)
  const path = fileURLToPath(file)
  if (!line.quiet) console.error(formatStart(example.name, line.passedOn, path))
  process.argv.splice(1, process.argv.length, path, ...line.passedOn)
  await import(file.href)
}

function turnColorsOff(): void {
  process.env['NO_COLOR'] = '1'
  delete process.env['FORCE_COLOR']
}

/** Whoever reads may leave early: `eisenmp examples | head -1`. */
function endWithReader(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}
