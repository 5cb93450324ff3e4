import { type OptionRule, type OptionTable, checkOptions, integer, isPlainObject, oneOf } from '../../options.ts'
import type { PortGroup, PortGroupOptions, PortOptions, PortRange } from './port-options.ts'
import { MAX_PORT, refuseOption } from './refuse-option.ts'

const DEFAULT_PORT = 3000
const DEFAULT_GROUP = 'main'
const MAX_SERVERS_PER_WORKER = 1024

const text: OptionRule = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
}
const isWholeNumber = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max

const areNumbers = (value: unknown, min: number, max: number): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((member) => isWholeNumber(member, min, max))

const listenTable: OptionTable = {
  address: text,
  adapter: text,
  family: oneOf(4, 6),
  serversPerWorker: integer(1, MAX_SERVERS_PER_WORKER),
  cores: {
    expected: "an array of core numbers, not empty, or 'each'",
    accepts: (value) => value === 'each' || areNumbers(value, 0, Number.MAX_SAFE_INTEGER),
  },
  onPortBusy: oneOf('fail', 'next'),
}

/** The options of `serve()` that are about ports; for its table. */
export const portOptionTable: OptionTable = {
  ...listenTable,
  port: integer(0, MAX_PORT),
  groups: {
    expected: 'an array of groups, not empty',
    accepts: (value) => Array.isArray(value) && value.length > 0,
  },
}

const groupTable: OptionTable = {
  ...listenTable,
  name: {
    expected: 'a name of letters, digits, - and _, at most 32, that begins with a letter',
    accepts: (value) => typeof value === 'string' && /^[a-z][\w-]{0,31}$/i.test(value),
  },
  workers: {
    expected: "an array of worker numbers, not empty, or a count from 1, or 'rest'",
    accepts: (value) => value === 'rest' || isWholeNumber(value, 1, 1024) || areNumbers(value, 0, 1023),
  },
  ports: {
    expected: `a port from 0 to ${MAX_PORT}, an array of ports from 1, { from, to, step }, or 'auto'`,
    accepts: (value) =>
      value === 'auto' || isWholeNumber(value, 0, MAX_PORT) || areNumbers(value, 1, MAX_PORT) || isPlainObject(value),
  },
  share: oneOf('shared', 'each'),
}

const rangeTable: OptionTable = {
  from: integer(1, MAX_PORT),
  to: integer(1, MAX_PORT),
  step: integer(1, MAX_PORT),
}

function requireOption(options: Record<string, unknown>, name: string, where: string): void {
  if (name in options) return
  throw refuseOption(`the options of ${where}`, `'${name}' is missing`, 'it has no default')
}

function readPorts(given: unknown, where: string): PortGroup['ports'] {
  if (!isPlainObject(given)) return (given ?? DEFAULT_PORT) as PortGroup['ports']
  const range = checkOptions(`ports of ${where}`, given, rangeTable)
  requireOption(range, 'from', `ports of ${where}`)
  return range as unknown as PortRange
}

/** One port is shared, and so is port 0; more are for one server each. */
function readShare(given: unknown, ports: PortGroup['ports']): PortGroup['share'] {
  return (given as PortGroup['share'] | undefined) ?? (typeof ports === 'number' ? 'shared' : 'each')
}

function fillDefaults(options: Record<string, unknown>, where: string): PortGroup {
  const given = options as unknown as PortGroupOptions
  const ports = readPorts(given.ports, where)
  return {
    ...given,
    whose: where,
    ports,
    share: readShare(given.share, ports),
    serversPerWorker: given.serversPerWorker ?? 1,
    onPortBusy: given.onPortBusy ?? 'fail',
  }
}

function readGroup(given: unknown, place: number, where: string): PortGroup {
  const name: unknown = isPlainObject(given) ? given['name'] : undefined
  const called =
    typeof name === 'string' && name !== '' ? `group '${name}' of ${where}` : `groups[${place}] of ${where}`
  const options = checkOptions(called, given, groupTable)
  requireOption(options, 'name', called)
  requireOption(options, 'workers', called)
  return fillDefaults(options, called)
}

function refuseDoubledNames(groups: readonly PortGroup[], where: string): void {
  const doubled = groups.find(({ name }, i) => groups.findIndex((other) => other.name === name) !== i)
  if (doubled === undefined) return
  throw refuseOption(`option 'groups' of ${where}`, `two groups are named '${doubled.name}'`, 'give each its own name')
}

/**
 * Reads what `serve()` was told about ports; other options are left alone.
 *
 * @param where - The call, for messages: `serve()`.
 * @throws EisenmpError `ERR_EISENMP_OPTION` for what is misspelt or has a wrong type.
 */
export function readPortOptions(where: string, options: PortOptions): readonly PortGroup[] {
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(portOptionTable, name))
  const { groups, port, ...listen } = checkOptions(where, Object.fromEntries(own), portOptionTable)
  if (groups === undefined) {
    return [fillDefaults({ ...listen, name: DEFAULT_GROUP, workers: 'rest', ports: port ?? DEFAULT_PORT }, where)]
  }
  const [beside] = Object.keys({ ...listen, ...(port !== undefined && { port }) })
  if (beside !== undefined) {
    const repair = `give it to the groups that it is for${beside === 'port' ? " as 'ports'" : ''}`
    throw refuseOption(`option '${beside}' of ${where}`, "there is 'groups' too", repair)
  }
  const read = (groups as readonly unknown[]).map((group, place) => readGroup(group, place, where))
  refuseDoubledNames(read, where)
  return read
}
