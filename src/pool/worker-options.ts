import type { WorkerResourceLimits } from '../backend.ts'
import { type OptionRule, type OptionTable, checkOptions, isPlainObject, positive } from '../options.ts'

/** Environment of workers. */
export const envRule: OptionRule = {
  expected: 'an object of strings',
  accepts: (value: unknown) =>
    isPlainObject(value) && Object.values(value).every((member) => typeof member === 'string' || member === undefined),
}

/** `{ ...process.env, NAME: undefined }` is how one leaves a variable out. */
export function readEnv(given: unknown): Readonly<Record<string, string>> | undefined {
  if (given === undefined) return undefined
  const entries = Object.entries(given as Record<string, string | undefined>)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

// Lower values end the whole program instead of one worker (SIGTRAP below 4 MB of old space, SIGSEGV at 0.1 MB of stack).
const limitsTable: OptionTable = {
  maxOldGenerationSizeMb: positive('at least 16 MB; with less the whole program can end', 16),
  maxYoungGenerationSizeMb: positive('at least 1 MB', 1),
  codeRangeSizeMb: positive('a positive number of MB'),
  stackSizeMb: positive('at least 1 MB; with less the whole program can end', 1),
}

/**
 * @param where - The call, for messages: `createPool`.
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function readResourceLimits(where: string, given: unknown): WorkerResourceLimits | undefined {
  return given === undefined ? undefined : checkOptions(`${where}({ resourceLimits })`, given, limitsTable)
}
