import type { PortGroup, PortRange } from './port-options.ts'
import { MAX_PORT, refuseOption } from './refuse-option.ts'

/** The ports of a group, and those that it may take instead. */
export interface ListedPorts {
  /** As many as were asked for; 0: the system chooses. */
  readonly ports: readonly number[]
  /** All that may be taken, in order; `undefined`: no other. */
  readonly candidates: readonly number[] | undefined
}

function expandRange({ from, to = MAX_PORT, step = 1 }: PortRange, atMost: number): number[] {
  const length = Math.max(0, Math.min(atMost, Math.floor((to - from) / step) + 1))
  return Array.from({ length }, (_, i) => from + i * step)
}

function explainRange(range: PortRange, there: number, needed: number, what: string): Error {
  const { from, to, step = 1 } = range
  const last = from + (needed - 1) * step
  const name = to === undefined ? `from ${from} to ${MAX_PORT}` : `${from} to ${to}`
  const steps = step === 1 ? '' : ` in steps of ${step}`
  const given = `${name}${steps} is ${there} ${there === 1 ? 'port' : 'ports'} for ${needed} servers`
  return refuseOption(what, given, last > MAX_PORT ? "lower 'from'" : `set 'to' to ${last} or more`)
}

function readList(list: readonly number[], needed: number, what: string): readonly number[] {
  const doubled = list.find((port, i) => list.indexOf(port) !== i)
  if (doubled !== undefined) throw refuseOption(what, `port ${doubled} is named twice`, 'name it once')
  if (list.length < needed) {
    const given = `${list.length} ${list.length === 1 ? 'port' : 'ports'} for ${needed} servers`
    throw refuseOption(what, given, `name ${needed} or more`)
  }
  return list
}

/**
 * @param needed - How many different ports the group has.
 * @throws EisenmpError `ERR_EISENMP_OPTION` when there are too few.
 */
export function listPorts(group: PortGroup, needed: number): ListedPorts {
  const what = `option 'ports' of ${group.whose}`
  const { ports } = group
  if (ports === 'auto' || ports === 0) return { ports: Array.from({ length: needed }, () => 0), candidates: undefined }
  const isNext = group.onPortBusy === 'next'
  if (Array.isArray(ports)) {
    const all = readList(ports as readonly number[], needed, what)
    return { ports: all.slice(0, needed), candidates: isNext ? all : undefined }
  }
  const range = typeof ports === 'number' ? { from: ports } : (ports as PortRange)
  if (range.to !== undefined && range.to < range.from) {
    throw refuseOption(what, `it goes from ${range.from} down to ${range.to}`, "'to' must not be below 'from'")
  }
  const listed = expandRange(range, needed)
  if (listed.length < needed) throw explainRange(range, listed.length, needed, what)
  return { ports: listed, candidates: isNext ? expandRange(range, MAX_PORT) : undefined }
}
