import { EisenmpError } from '../errors.ts'
import { describeThrown } from '../internal/describe-thrown.ts'
import { isPlainObject, showValue } from '../options.ts'
import type { SharedTool, SharedTools } from '../protocol/tool-image.ts'
import { type TypedArray, findType } from './number-types.ts'
import { makeArray, makeBytes, makeTable, makeWords } from './make-tools.ts'
import { Tool, type ToolForm } from './tool.ts'

/** Data that becomes a tool as it is: an array, bytes, words, a table. */
export type ToolData = TypedArray | SharedArrayBuffer | ReadonlySet<string> | ReadonlyMap<string, string>

/** Tools that are there, until they are given back. */
export interface HeldTools {
  readonly shared: SharedTools
  release(): Promise<void>
}

function refuse(what: string, given: unknown, repair: string): EisenmpError {
  return new EisenmpError(
    'ERR_EISENMP_OPTION',
    `Cannot use ${what} of createPool(): it is ${showValue(given)}; ${repair}`,
  )
}

function toTool(name: string, given: unknown): Tool {
  if (given instanceof Tool) return given
  if (given instanceof SharedArrayBuffer) return makeBytes(given)
  if (given instanceof Set) return makeWords(given as Set<string>)
  if (given instanceof Map) return makeTable(given, '\t')
  if (findType(given) !== undefined) return makeArray(given, undefined)
  const repair =
    'give what tool.words(), tool.table() and the like make, or a typed array, SharedArrayBuffer, Set or Map'
  throw refuse(`tool '${name}'`, given, repair)
}

/**
 * Checks the option without building anything.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function checkTools(given: unknown): ReadonlyMap<string, Tool> {
  if (given === undefined) return new Map()
  if (!isPlainObject(given)) throw refuse("option 'tools'", given, 'it must be an object, name → tool')
  return new Map(Object.entries(given).map(([name, value]) => [name, toTool(name, value)] as const))
}

function explain(name: string, error: unknown): EisenmpError {
  const code = EisenmpError.is(error) ? error.code : 'ERR_EISENMP_TOOL'
  const reason = EisenmpError.is(error) ? error.message : describeThrown(error)
  return new EisenmpError(code, `Cannot prepare tool '${name}': ${reason}`, { cause: error })
}

/** Does not wait for a tool that is being built when nobody wants it any more; it is given back when it is there. */
async function holdUnlessAborted(
  tool: Tool,
  form: ToolForm,
  signal: AbortSignal | undefined,
): ReturnType<typeof Tool.hold> {
  const holding = Tool.hold(tool, form)
  if (signal === undefined) return holding
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([holding, aborted.promise])
  } catch (error) {
    holding.then(
      ({ release }) => release(),
      () => {},
    )
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Builds what is not there yet, one after the other; when one fails, the others are given back. */
export async function holdTools(
  tools: ReadonlyMap<string, Tool>,
  form: ToolForm,
  signal?: AbortSignal,
): Promise<HeldTools> {
  const shared: Record<string, SharedTool> = Object.create(null)
  const releases: (() => Promise<void>)[] = []
  const release = async (): Promise<void> => {
    for (const one of releases.splice(0)) await one()
  }
  try {
    for (const [name, tool] of tools) {
      signal?.throwIfAborted()
      const held = await holdUnlessAborted(tool, form, signal).catch((error: unknown) => {
        throw signal?.aborted === true ? error : explain(name, error)
      })
      releases.push(held.release)
      shared[name] = held.shared
    }
    signal?.throwIfAborted()
    return { shared, release }
  } catch (error) {
    await release()
    throw error
  }
}
