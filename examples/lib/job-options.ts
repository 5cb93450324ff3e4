import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { findClosestName } from './closest-name.ts'
import { formatPairs, wrap } from './layout.ts'

/** What the user asked a job to do. */
export type JobOptions = { quick: boolean; workers: number; letters: string[]; station: string[]; help: boolean }

/** A wrong command line: its message is all the user needs to see. */
export class UsageError extends Error {
  override name = 'UsageError'
}

const FLAGS = {
  quick: {
    type: 'boolean',
    default: false,
    value: '',
    help: 'small data of this folder instead of real lists and tables',
  },
  workers: { type: 'string', value: '<n>', help: 'how many workers;' },
  letters: {
    type: 'string',
    multiple: true,
    value: '<letters>',
    help: 'a puzzle of your own; may be given several times',
  },
  station: {
    type: 'string',
    multiple: true,
    value: '<url>',
    help: 'a radio station to record instead; may be given several times',
  },
  help: { type: 'boolean', short: 'h', default: false, value: '', help: 'this text' },
} as const

type Flag = keyof typeof FLAGS

/**
 * Reads the command line of a job that knows `flags`.
 *
 * @throws {@link UsageError} For a flag the job does not know, naming the closest one, and for a wrong value.
 */
export function parseJobOptions(
  args: string[],
  flags: readonly Flag[],
  workers: number = availableParallelism(),
): JobOptions {
  assertKnown(args, flags)
  const { values } = parseStrictly(args)
  return {
    quick: values.quick,
    workers: values.workers === undefined ? workers : toWorkerCount(values.workers),
    letters: (values.letters ?? []).map(toLetters),
    station: (values.station ?? []).map(toAddress),
    help: values.help,
  }
}

/** Describes `flags` for `--help`. */
export function formatHelp(summary: string, flags: readonly Flag[], workers?: number): string {
  const describe = (flag: Flag): string => {
    const count = workers === undefined ? 'as many as there are cores' : String(workers)
    return flag === 'workers' ? `${FLAGS.workers.help} ${count} by default` : FLAGS[flag].help
  }
  const pairs = flags.map((flag) => [`--${flag} ${FLAGS[flag].value}`.trimEnd(), describe(flag)] as const)
  return [wrap(summary, 0), '', 'Options:', formatPairs(pairs, 2)].join('\n')
}

function assertKnown(args: string[], flags: readonly Flag[]): void {
  const { tokens } = parseArgs({ args, options: FLAGS, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`Unexpected argument '${token.value}': see --help`)
    if (token.kind !== 'option' || flags.some((flag) => flag === token.name)) continue
    const closest = findClosestName(token.name, flags)
    throw new UsageError(`Unknown option '${token.rawName}': ${closest ? `did you mean --${closest}?` : 'see --help'}`)
  }
}

function parseStrictly(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function toWorkerCount(text: string): number {
  const workers = Number(text)
  if (/^\d+$/.test(text) && workers >= 1 && workers <= 256) return workers
  throw new UsageError(`Cannot use --workers ${text}: it must be a whole number from 1 to 256`)
}

function toLetters(text: string): string {
  const letters = text.normalize('NFC').toLowerCase()
  if (/^\p{L}{2,40}$/u.test(letters)) return letters
  throw new UsageError(`Cannot use --letters ${text}: it must be 2 to 40 letters`)
}

function toAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text
  throw new UsageError(`Cannot use --station ${text}: it must be an http or https URL`)
}
