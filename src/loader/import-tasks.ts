import type { WorkerModule } from '../backend.ts'
import { describeThrown } from '../internal/describe-thrown.ts'
import type { LoadingStep } from '../protocol/mark.ts'
import type { LoadableModule } from './module-source.ts'
import { serveSources } from './serve-sources.ts'

/** Marks an error of the loading itself, whose `cause` is the original. */
export class LoadError extends Error {
  readonly url: string

  constructor(message: string, url: string, cause: unknown) {
    super(message, { cause })
    this.name = 'LoadError'
    this.url = url
  }
}

function explain(url: string, error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  const text = describeThrown(error)
  switch (code) {
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return `${text}. Node runs no TypeScript inside node_modules; publish the module compiled to JavaScript`
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `${text}. Node only strips types; replace enums, namespaces and parameter properties, or compile the module`
    case 'ERR_MODULE_NOT_FOUND':
      return `${text}. Check the path; relative imports need their extension ('./x.ts')`
    case 'ERR_ACCESS_DENIED':
      return `${text}. Grant it with permissions: { fsRead: [...] }`
    default:
      return error instanceof SyntaxError
        ? `${text}. See 'cause' for the place; is it an ES module?`
        : `${text} (${url})`
  }
}

/**
 * Imports the worker modules, mates first and the main module last, and gives the main module's functions by name.
 *
 * @param tell - Hears what is begun with which module, so that it is known from outside when it never ends.
 * @throws LoadError with the original error as `cause` and the repair in the message.
 */
export async function importTasks(
  modules: readonly LoadableModule[],
  toolbox: unknown,
  tell: (index: number, step: LoadingStep) => void = () => {},
): Promise<Map<string, unknown>> {
  serve(modules)
  for (let index = modules.length - 1; index > 0; index--) {
    tell(index, 'import')
    const start = await importMate(modules[index]!)
    tell(index, 'call')
    await startMate(start, modules[index]!, toolbox)
  }
  const { url } = modules[0]!
  tell(0, 'import')
  const main = await importModule(url)
  const whole = main['default']
  let tasks = listFunctions(main)
  // A CommonJS module whose names Node could not find by reading it: all of module.exports is the default.
  if (tasks.size === 0 && typeof whole === 'object' && whole !== null) tasks = listFunctions(whole)
  if (tasks.size > 0) return tasks
  throw new LoadError(
    'it exports no function; export the tasks by name: export function work(item) { … }',
    url,
    undefined,
  )
}

function serve(modules: readonly LoadableModule[]): void {
  for (const { url, sources = [] } of modules) {
    try {
      serveSources(sources)
    } catch (error) {
      throw new LoadError(describeThrown(error), url, error)
    }
  }
}

function listFunctions(exported: object): Map<string, unknown> {
  return new Map(Object.entries(exported).filter(([, value]) => typeof value === 'function'))
}

type Start = (toolbox: unknown) => unknown

async function importMate({ url, export: name }: WorkerModule): Promise<Start> {
  const start = (await importModule(url))[name]
  if (typeof start === 'function') return start as Start
  throw new LoadError(`this mate must export a function '${name}'`, url, undefined)
}

async function startMate(start: Start, { url, export: name }: WorkerModule, toolbox: unknown): Promise<void> {
  try {
    await start(toolbox)
  } catch (error) {
    throw new LoadError(`the '${name}' of this mate threw: ${describeThrown(error)}`, url, error)
  }
}

/** @throws LoadError with the original error as `cause` and the repair in the message. */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(url)) as Record<string, unknown>
  } catch (error) {
    throw new LoadError(explain(url, error), url, error)
  }
}
