import type { QueueTraits } from '../broker/queue-state.ts'
import { EisenmpError } from '../errors.ts'
import { type OptionTable, checkOptions, integer, isPlainObject, showValue } from '../options.ts'

/** Options of one queue. */
export interface QueueOptions {
  /**
   * Chunks that it holds; who puts more waits.
   *
   * @defaultValue 16
   */
  readonly capacity?: number
}

/** Queues by name, or by category and name. */
export type QueueTable = Readonly<Record<string, QueueOptions | Readonly<Record<string, QueueOptions>>>>

/** The queue that is there without being named. */
export const INPUT = 'input'
const DEFAULT_CAPACITY = 16
const table: OptionTable = { capacity: integer(1) }
const NAME = /^[\p{L}\p{N}_-]+$/u

function refuse(what: string, problem: string, repair: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_OPTION', `Cannot use ${what} of createPool({ queues }): ${problem}; ${repair}`)
}

function checkName(name: string, what: string): void {
  if (NAME.test(name)) return
  throw refuse(`${what} ${showValue(name)}`, 'it is no name', 'use letters, digits, _ and -')
}

/** A category is what has queues in it; `{ capacity: {} }` is one with a queue of that name. */
function isCategory(value: Record<string, unknown>): boolean {
  const members = Object.values(value)
  return members.length > 0 && members.every(isPlainObject)
}

function readQueue(name: string, category: string | undefined, given: unknown): QueueTraits {
  const fullName = category === undefined ? name : `${category}.${name}`
  checkName(name, 'the queue')
  const { capacity = DEFAULT_CAPACITY } = checkOptions(
    `createPool({ queues }), queue '${fullName}'`,
    given ?? {},
    table,
  ) as QueueOptions
  return Object.freeze({ name, category, capacity })
}

/**
 * Reads the option `queues`: every queue of the pool, the default one first.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function readQueues(given: unknown): QueueTraits[] {
  const traits: QueueTraits[] = []
  for (const [name, value] of Object.entries((given ?? {}) as Record<string, unknown>)) {
    if (!isPlainObject(value) && value !== undefined)
      throw refuse(`'${name}'`, `it is ${showValue(value)}`, 'give options, { capacity: 4 }, or a category of queues')
    if (value !== undefined && isCategory(value)) {
      checkName(name, 'the category')
      for (const [member, options] of Object.entries(value)) traits.push(readQueue(member, name, options))
    } else traits.push(readQueue(name, undefined, value))
  }
  if (traits.some(({ category }) => category === INPUT)) return traits
  const isNamed = traits.some(({ name, category }) => category === undefined && name === INPUT)
  return isNamed ? traits : [readQueue(INPUT, undefined, {}), ...traits]
}
