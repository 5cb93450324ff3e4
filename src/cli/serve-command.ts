import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { EisenmpError } from '../index.ts'
import { type OutputLine, type PlanRow, type ServeOptions, planServers, serve } from '../server.ts'
import { cleanText } from './clean-text.ts'
import type { CommandLine } from './command-line.ts'
import { explainError } from './explain-error.ts'
import { formatLogLine } from './log-line.ts'
import { readServeFlags } from './serve-flags.ts'
import { ServeSession } from './serve-session.ts'
import { ServeStatus } from './serve-status.ts'
import { MissingError, UsageError } from './usage.ts'

/** What is served: a file, a package or a program; and the options for it. */
type Wanted = { readonly file: string | undefined; readonly title: string; readonly options: ServeOptions }

/**
 * `eisenmp serve`: servers on every core, until a signal ends them.
 *
 * @returns When they serve; the program goes on, and ends by itself.
 */
export async function runServe(line: CommandLine): Promise<void> {
  const { file, title, options } = readWanted(line)
  const session = new ServeSession(new ServeStatus(line.quiet, file), title)
  try {
    const plan = planServers(options)
    await session.openSocket(line.serve.name)
    const { signal } = session
    session.begin(await serve({ ...options, signal, onOutput: toPrinter(plan, line.serve.raw ?? false) }))
  } catch (error) {
    session.release()
    if (session.exitCode !== undefined) process.exit(session.exitCode)
    throw explain(error, file)
  }
  if (line.serve.watch && file !== undefined) session.watch(dirname(file))
}

function readWanted(line: CommandLine): Wanted {
  const { module, command, options } = readServeFlags(line.operand, line.program, line.serve)
  const file = module === undefined ? undefined : findFile(module)
  if (line.serve.watch && file === undefined) {
    throw new UsageError('Cannot use --watch here: only the folder of a module that is a file can be watched')
  }
  const served = command === undefined ? { module: file === undefined ? module : pathToFileURL(file) } : { command }
  return { file, title: toTitle(file ?? module ?? command![0]!), options: { ...options, ...served } as ServeOptions }
}

/** Writes what workers print, each line with the name of its worker. */
function toPrinter(plan: readonly PlanRow[], isRaw: boolean): (line: OutputLine) => void {
  const nameWidth = Math.max(...plan.map(({ worker }) => worker.length))
  return (line) => {
    const stream = process[line.stream]
    const hasColors = stream.isTTY && stream.hasColors()
    stream.write(formatLogLine(line, { nameWidth, hasColors, isRaw }))
  }
}

/** Where a module lies; `undefined` for the name of a package. */
function findFile(module: string): string | undefined {
  const path = module.startsWith('file:') ? fileURLToPath(module) : resolve(module)
  if (existsSync(path)) return path
  const isPath = /^(\.{0,2}\/|file:)|\.[cm]?[jt]s$/.test(module)
  if (isPath) throw new MissingError(`Cannot serve ${module}: there is no such file`)
  return undefined
}

/** `shop` for `/srv/shop.server.ts`, what may be in a name of it. */
function toTitle(module: string): string {
  const title = basename(module)
    .replace(/(\.server)?\.[cm]?[jt]s$/, '')
    .replaceAll(/[^\w.-]/g, '-')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, 40)
  return title === '' ? 'servers' : title
}

/** Errors of ours are for the user: their own stack is of no use. */
function explain(error: unknown, file: string | undefined): unknown {
  if (!EisenmpError.is(error)) return error
  if (error.code === 'ERR_EISENMP_OPTION') return new UsageError(cleanText(error.message))
  return new MissingError(explainError(error, file))
}
