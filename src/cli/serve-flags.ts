import type { ServeFlags } from './command-line.ts'
import { type GroupFlag, countGroupWorkers, parseCores, parseGroup } from './group-flag.ts'
import { UsageError } from './usage.ts'

/** What `serve` is to do: a module or a program, and options of `serve()`, which checks them further. */
export type ServeRequest = {
  /** Path or URL. */
  readonly module: string | undefined
  readonly command: readonly string[] | undefined
  readonly options: Readonly<Record<string, unknown>>
}

type Row = { readonly into: readonly [string, string?]; readonly read: (flag: string, text: string) => unknown }

const asText = (_flag: string, text: string): string => text
// serve() says what range it may have.
const asNumber = (flag: string, text: string): number => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new UsageError(`Cannot use --${flag} ${text}: it must be a number`)
}

/** Where each flag goes in the options of `serve()`. */
const rows: Readonly<Partial<Record<keyof ServeFlags, Row>>> = {
  workers: { into: ['workers'], read: asNumber },
  backend: { into: ['backend'], read: asText },
  port: { into: ['port'], read: asNumber },
  address: { into: ['address'], read: asText },
  adapter: { into: ['adapter'], read: asText },
  cores: { into: ['cores'], read: readCores },
  config: { into: ['config'], read: readConfig },
  'servers-per-worker': { into: ['serversPerWorker'], read: asNumber },
  'on-port-busy': { into: ['onPortBusy'], read: asText },
  'max-connections': { into: ['limits', 'maxConnections'], read: asNumber },
  'max-body-bytes': { into: ['limits', 'maxBodyBytes'], read: asNumber },
  'max-heap-mb': { into: ['health', 'maxHeapMb'], read: asNumber },
  'max-rss-mb': { into: ['health', 'maxRssMb'], read: asNumber },
  'max-loop-lag-ms': { into: ['health', 'maxLoopLagMs'], read: asNumber },
  'health-path': { into: ['health', 'path'], read: asText },
}

/** These are of all workers; with groups each group says it itself. */
const ungrouped = ['port', 'address', 'adapter', 'cores'] as const

/**
 * Makes options of `serve()` from the command line.
 *
 * @throws {@link UsageError}
 */
export function readServeFlags(
  module: string | undefined,
  command: readonly string[] | undefined,
  flags: ServeFlags,
): ServeRequest {
  if (module === undefined && (command === undefined || command.length === 0)) {
    throw new UsageError(
      'Cannot serve nothing: name a module, as eisenmp serve ./shop.server.ts, see eisenmp serve --help',
    )
  }
  if (module !== undefined && command !== undefined) {
    throw new UsageError(`Cannot serve both ${module} and what stands after --: leave one of them out`)
  }
  const options: Record<string, unknown> = {}
  for (const [flag, row] of Object.entries(rows)) {
    const text = flags[flag as keyof ServeFlags]
    if (typeof text === 'string') put(options, row.into, row.read(flag, text))
  }
  if (flags.group !== undefined) options['groups'] = readGroups(flags.group, flags)
  return { module, command, options }
}

function put(options: Record<string, unknown>, [name, inner]: Row['into'], value: unknown): void {
  options[name] = inner === undefined ? value : { ...(options[name] as object | undefined), [inner]: value }
}

function readCores(_flag: string, text: string): GroupFlag['cores'] {
  const cores = parseCores(text)
  if (cores === null) throw new UsageError(`Cannot use --cores ${text}: write 0,1 or 0-3 or each`)
  return cores
}

function readConfig(_flag: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`Cannot use --config ${text}: it must be JSON; ${reason}`, { cause: error })
  }
}

function readGroups(given: readonly string[], flags: ServeFlags): unknown[] {
  const other = ungrouped.find((name) => flags[name] !== undefined)
  if (other !== undefined) throw new UsageError(`Cannot use --${other} with --group: say it in each group`)
  const workers = flags.workers === undefined ? undefined : asNumber('workers', flags.workers)
  return given.map(parseGroup).map((group, _, all) => ({
    ...group,
    workers: countGroupWorkers(group, all.length === 1, workers),
  }))
}
