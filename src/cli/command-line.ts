import { parseArgs } from 'node:util'
import { suggest, UsageError } from './usage.ts'

/** What the user asked for. */
export type CommandLine = {
  readonly command: 'none' | 'help' | 'version' | CommandName
  /** The command that `--help` was asked about. */
  readonly about: CommandName | undefined
  /** What stands after the command: an example, a module, the name of running servers. */
  readonly operand: string | undefined
  /** What stands after `--`: any program, to be served. */
  readonly program: readonly string[] | undefined
  /** Options for the example, as they were typed. */
  readonly passedOn: readonly string[]
  /** Names of those options. */
  readonly passedNames: readonly string[]
  readonly serve: ServeFlags
  readonly json: boolean
  readonly quiet: boolean
  readonly color: boolean
  /** Whether a menu may be shown. */
  readonly input: boolean
}

export type CommandName = 'examples' | 'serve' | 'reload' | 'ps'

const commands: readonly CommandName[] = ['examples', 'serve', 'reload', 'ps']

const ownOptions = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  'no-input': { type: 'boolean' },
} as const

/** Examples have one table of options, so that a value is told from a name wherever it stands. */
const exampleOptions = {
  workers: { type: 'string' },
  quick: { type: 'boolean' },
  letters: { type: 'string', multiple: true },
  station: { type: 'string', multiple: true },
} as const

const serveOptions = {
  workers: { type: 'string' },
  backend: { type: 'string' },
  port: { type: 'string' },
  address: { type: 'string' },
  adapter: { type: 'string' },
  cores: { type: 'string' },
  group: { type: 'string', multiple: true },
  'servers-per-worker': { type: 'string' },
  'on-port-busy': { type: 'string' },
  config: { type: 'string' },
  name: { type: 'string' },
  watch: { type: 'boolean' },
  raw: { type: 'boolean' },
  'max-connections': { type: 'string' },
  'max-body-bytes': { type: 'string' },
  'max-heap-mb': { type: 'string' },
  'max-rss-mb': { type: 'string' },
  'max-loop-lag-ms': { type: 'string' },
  'health-path': { type: 'string' },
} as const

/** Options of `serve`, as they were typed. */
export type ServeFlags = {
  readonly [Name in keyof typeof serveOptions]?: (typeof serveOptions)[Name] extends { type: 'boolean' }
    ? boolean
    : Name extends 'group'
      ? readonly string[]
      : string
}

const options = { ...ownOptions, ...exampleOptions, ...serveOptions }
const everywhere = ['help', 'version', 'quiet', 'no-color'] as const
const known: Readonly<Record<CommandName, readonly string[]>> = {
  examples: [...Object.keys(ownOptions), ...Object.keys(exampleOptions)],
  serve: [...everywhere, ...Object.keys(serveOptions)],
  reload: [...everywhere, 'json'],
  ps: [...everywhere, 'json'],
}
const tooMany: Readonly<Record<CommandName, string>> = {
  examples: 'one example at a time',
  serve: 'one module at a time; the arguments of a program stand after --',
  reload: 'one name at a time',
  ps: 'one name at a time',
}

/**
 * Reads the command line.
 *
 * @throws {@link UsageError} For an unknown command or option, naming the closest, and for a missing value.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { before, behind } = splitAtDashes(args)
  const { tokens, positionals: words } = parseArgs({ args: [...before], options, strict: false, tokens: true })
  const wanted = words[0] ?? behind?.[0]
  const command = commands.find((name) => name === wanted)
  for (const token of tokens) if (token.kind === 'option') checkOption(token.rawName, token.name, command)
  const { values, positionals } = parseStrictly(before)
  if (wanted !== undefined && command === undefined) {
    throw new UsageError(`Unknown command ${wanted}: ${suggest(wanted, commands, 'see eisenmp --help')}`)
  }
  const program = command === 'serve' && words.length > 0 ? behind : undefined
  const passed = tokens.filter((token) => token.kind === 'option').filter(({ name }) => name in exampleOptions)
  return {
    command: toCommand(values, command),
    about: command,
    operand: readOperand(command, program === undefined ? [...positionals, ...(behind ?? [])] : positionals),
    program,
    passedOn: passed.flatMap(({ rawName, value }) => (value === undefined ? [rawName] : [rawName, value])),
    passedNames: passed.map(({ name }) => name),
    serve: values,
    ...readSwitches(values),
  }
}

type Values = ReturnType<typeof parseStrictly>['values']

function toCommand({ version, help }: Values, command: CommandName | undefined): CommandLine['command'] {
  return version ? 'version' : help ? 'help' : (command ?? 'none')
}

function splitAtDashes(args: readonly string[]): { before: readonly string[]; behind: readonly string[] | undefined } {
  const at = args.indexOf('--')
  return at < 0 ? { before: args, behind: undefined } : { before: args.slice(0, at), behind: args.slice(at + 1) }
}

function readSwitches(values: Values) {
  const { json = false, quiet = false } = values
  return { json, quiet, color: !values['no-color'], input: !values['no-input'] }
}

function readOperand(command: CommandName | undefined, positionals: readonly string[]): string | undefined {
  const [, operand, ...rest] = positionals
  if (command === undefined || rest.length === 0) return operand
  throw new UsageError(`Unexpected argument ${rest[0]}: ${tooMany[command]}`)
}

function checkOption(rawName: string, name: string, command: CommandName | undefined): void {
  const names = command === undefined ? Object.keys(options) : known[command]
  if (names.includes(name)) return
  if (name in options) throw new UsageError(`Cannot use ${rawName} with ${command}: see eisenmp ${command} --help`)
  const all = names.map((each) => `--${each}`)
  const where = command === undefined ? 'see eisenmp --help' : `see eisenmp ${command} --help`
  throw new UsageError(`Unknown option ${rawName}: ${suggest(rawName, all, where)}`)
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
