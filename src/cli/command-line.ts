import { parseArgs } from 'node:util'
import { suggest, UsageError } from './usage.ts'

/** What the user asked for. */
export type CommandLine = {
  readonly command: 'none' | 'examples' | 'help' | 'version'
  /** The command that `--help` was asked about. */
  readonly about: string | undefined
  readonly example: string | undefined
  /** Options for the example, as they were typed. */
  readonly passedOn: readonly string[]
  /** Names of those options. */
  readonly passedNames: readonly string[]
  readonly json: boolean
  readonly quiet: boolean
  readonly color: boolean
  /** Whether a menu may be shown. */
  readonly input: boolean
}

const commands = ['examples'] as const

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
} as const

const options = { ...ownOptions, ...exampleOptions }
const names = Object.keys(options)

/**
 * Reads the command line.
 *
 * @throws {@link UsageError} For an unknown command or option, naming the closest, and for a missing value.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind !== 'option' || names.includes(token.name)) continue
    const known = names.map((name) => `--${name}`)
    throw new UsageError(`Unknown option ${token.rawName}: ${suggest(token.rawName, known, 'see eisenmp --help')}`)
  }
  const { values, positionals } = parseStrictly(args)
  const [command, example, ...rest] = positionals
  if (command !== undefined && !commands.some((name) => name === command)) {
    throw new UsageError(`Unknown command ${command}: ${suggest(command, commands, 'see eisenmp --help')}`)
  }
  if (rest.length > 0) throw new UsageError(`Unexpected argument ${rest[0]}: one example at a time`)
  const passed = tokens.filter((token) => token.kind === 'option' && token.name in exampleOptions)
  return {
    command: values.version ? 'version' : values.help ? 'help' : command === undefined ? 'none' : 'examples',
    about: command,
    example,
    passedOn: passed.flatMap((token) => {
      if (token.kind !== 'option') return []
      return token.value === undefined ? [token.rawName] : [token.rawName, token.value]
    }),
    passedNames: passed.flatMap((token) => (token.kind === 'option' ? [token.name] : [])),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    color: !values['no-color'],
    input: !values['no-input'],
  }
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
