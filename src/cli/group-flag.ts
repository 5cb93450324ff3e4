import { isIP } from 'node:net'
import { UsageError } from './usage.ts'

/** What `--group` says; the options of a group of `serve()`, with the count of workers as far as it is said. */
export type GroupFlag = {
  readonly name: string
  /** `undefined`: not said. */
  readonly workers: number | undefined
  readonly address?: string
  readonly adapter?: string
  readonly ports?:
    | number
    | 'auto'
    | readonly number[]
    | { readonly from: number; readonly to: number; readonly step?: number }
  readonly cores?: 'each' | readonly number[]
}

const FORM = 'name[*workers]=[address or adapter:]ports[@cores], as red=127.0.0.1:11000-11003@0,1'
/** Of a list of cores, so that a slip of the finger does not fill the memory. */
const MOST_CORES = 4096

function refuse(given: string, reason: string): UsageError {
  return new UsageError(`Cannot read --group ${given}: ${reason}; write ${FORM}`)
}

/**
 * Reads a group of servers, `red*2=127.0.0.1:11000-11003@0,1`: its name, how many workers, where they listen, and on which
 * cores they run. Whether all that can be is for `serve()` to say.
 *
 * @throws {@link UsageError}
 */
export function parseGroup(given: string): GroupFlag {
  const parts = /^([^=*]+)(?:\*([^=]*))?=(.*)$/.exec(given)
  if (parts === null) throw refuse(given, 'there is no name and = before it')
  const [, name = '', count, rest = ''] = parts
  if (count !== undefined && !/^[1-9]\d{0,3}$/.test(count)) throw refuse(given, `${count} is no count of workers`)
  const at = rest.lastIndexOf('@')
  const place = at < 0 ? rest : rest.slice(0, at)
  const cores = at < 0 ? undefined : parseCores(rest.slice(at + 1))
  if (cores === null) throw refuse(given, `${rest.slice(at + 1) || 'nothing'} after @ is no list of cores`)
  return {
    name,
    workers: count === undefined ? undefined : Number(count),
    ...parsePlace(given, place),
    ...(cores !== undefined && { cores }),
  }
}

type Place = Pick<GroupFlag, 'address' | 'adapter' | 'ports'>

/** `address:ports`, `[IPv6]:ports`, `adapter:ports`, each of them alone, or `:ports`. */
function parsePlace(given: string, place: string): Place {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(place)
  if (bracketed !== null) {
    const address = bracketed[1]!
    if (isIP(address) !== 6) throw refuse(given, `[${address}] is no IPv6 address`)
    return { address, ...parsePorts(given, bracketed[2]) }
  }
  if (isIP(place) === 6 && !/^\d+$/.test(place))
    throw refuse(given, `an IPv6 address stands in brackets: [${place}]:3000`)
  if (place === '') throw refuse(given, 'there is nothing after =')
  const colon = place.indexOf(':')
  if (colon < 0) return parseNumbers(place) === undefined ? toHost(place) : parsePorts(given, place)
  return { ...toHost(place.slice(0, colon)), ...parsePorts(given, place.slice(colon + 1)) }
}

function toHost(host: string): Place {
  if (host === '') return {}
  return isIP(host) === 4 ? { address: host } : { adapter: host }
}

function parsePorts(given: string, text: string | undefined): Pick<GroupFlag, 'ports'> {
  if (text === undefined) return {}
  const ports = parseNumbers(text)
  if (ports === undefined) throw refuse(given, `${text || 'nothing'} stands where ports should be`)
  return { ports }
}

/** `3000`, `11000-11003`, `11000-11010/2`, `11000,11005`, `auto`. */
function parseNumbers(text: string): GroupFlag['ports'] | undefined {
  if (text === 'auto') return 'auto'
  if (/^\d{1,5}$/.test(text)) return Number(text)
  if (/^\d{1,5}(,\d{1,5})+$/.test(text)) return text.split(',').map(Number)
  const range = /^(\d{1,5})-(\d{1,5})(?:\/(\d{1,5}))?$/.exec(text)
  if (range === null) return undefined
  const [, from, to, step] = range
  return { from: Number(from), to: Number(to), ...(step !== undefined && { step: Number(step) }) }
}

/** `0,1`, `0-3,6`, `each`; `null` for what is none of these. */
export function parseCores(text: string): GroupFlag['cores'] | null {
  if (text === 'each') return 'each'
  const cores: number[] = []
  for (const part of text.split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part)
    if (range === null) return null
    const first = Number(range[1])
    const last = Number(range[2] ?? first)
    if (last < first || last - first + cores.length >= MOST_CORES) return null
    for (let core = first; core <= last; core++) cores.push(core)
  }
  return cores
}

function countPorts({ ports }: GroupFlag): number | 'rest' {
  if (ports === undefined || ports === 'auto' || typeof ports === 'number') return 'rest'
  if (!('from' in ports)) return ports.length
  return Math.max(1, Math.floor((ports.to - ports.from) / (ports.step ?? 1)) + 1)
}

/**
 * How many workers a group gets that does not say it: one for each of its ports, the rest when it has but one. The only
 * group gets all there are, when their number is known.
 */
export function countGroupWorkers(group: GroupFlag, isOnlyOne: boolean, workers: number | undefined): number | 'rest' {
  return group.workers ?? (isOnlyOne && workers !== undefined ? 'rest' : countPorts(group))
}
