import { EisenmpError } from '../errors.ts'
import { findClosestName } from '../internal/closest-name.ts'
import { showValue } from '../options.ts'

/** `undefined` when the name is one of the tasks. */
export function explainUnknownTask(name: unknown, tasks: readonly string[], where: string): EisenmpError | undefined {
  if (typeof name === 'string' && tasks.includes(name)) return undefined
  const known = `the worker module exports ${tasks.map((task) => `'${task}'`).join(', ')}`
  const closest = typeof name === 'string' ? findClosestName(name, tasks) : undefined
  const repair = closest === undefined ? 'export the task as a function' : `did you mean '${closest}'?`
  const text = `Cannot find task ${showValue(name)} for ${where}: ${known}; ${repair}`
  return new EisenmpError('ERR_EISENMP_UNKNOWN_TASK', text)
}
