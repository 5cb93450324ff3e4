import { type LoadHookSync, type ResolveHookSync, isBuiltin, registerHooks } from 'node:module'
import type { ModuleSource } from './module-source.ts'

/** By address. A thread loads each address once, so there is one source for it as long as the thread lives. */
const served = new Map<string, ModuleSource>()
let isHooked = false

function toUrl(specifier: string, parent: string | undefined): string | undefined {
  const isRelative = /^\.{0,2}\//.test(specifier)
  return (isRelative ? URL.parse(specifier, parent) : URL.parse(specifier))?.href
}

const resolve: ResolveHookSync = (specifier, context, next) => {
  const parent = context.parentURL
  const isGuarded = parent !== undefined && served.has(parent)
  const url = toUrl(specifier, parent)
  if (url !== undefined && served.has(url)) return { url, shortCircuit: true }
  // Node's own modules are what every module has in reach anyway.
  if (!isGuarded || (specifier.startsWith('node:') && isBuiltin(specifier))) return next(specifier, context)
  const what = url === undefined || url === specifier ? `'${specifier}'` : `'${specifier}' (${url})`
  const repair = isBuiltin(specifier) ? `write 'node:${specifier}'` : 'add it to the integrity of the worker module'
  throw new Error(`Cannot import ${what} from ${parent}: it has no integrity there; ${repair}`)
}

function findFormat(url: string, type: string | undefined): string {
  if (type === 'json') return 'json'
  return /\.m?ts$/.test(new URL(url).pathname) ? 'module-typescript' : 'module'
}

const load: LoadHookSync = (url, context, next) => {
  const source = served.get(url)
  if (source === undefined) return next(url, context)
  return { format: findFormat(url, context.importAttributes['type']), source: source.bytes, shortCircuit: true }
}

/**
 * Makes modules from the network importable in this thread, by the bytes that were checked and nothing else. What they
 * import, statically or not, has to be among them, or of Node itself.
 */
export function serveSources(sources: readonly ModuleSource[]): void {
  for (const source of sources) {
    const known = served.get(source.url)
    if (known !== undefined && known.pin !== source.pin) {
      throw new Error(
        `this thread has already loaded ${source.url} with the integrity ${known.pin}, and can have it only once; ` +
          "use backend 'threads' or 'processes'",
      )
    }
    served.set(source.url, source)
  }
  if (isHooked || sources.length === 0) return
  isHooked = true
  registerHooks({ resolve, load })
}
