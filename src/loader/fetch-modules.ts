import { type FetchOptions, fetchBytes } from './fetch-bytes.ts'
import { type Pin, hashLike } from './integrity.ts'
import type { ResolvedModule } from './module-reference.ts'
import type { LoadableModule, ModuleSource } from './module-source.ts'
import { type NetworkGraph, listAllowed } from './network-reference.ts'
import { FetchRefusal, refuseModule } from './refusals.ts'
import { ModuleCache } from './module-cache.ts'

/** Of all modules from the network in one pool; each worker has them in its memory. */
const MAX_TOTAL_BYTES = 50 * 2 ** 20
const CONCURRENT = 6

/** What tests set. */
export type GetOptions = Omit<FetchOptions, 'allowed' | 'signal'> & { readonly maxTotalBytes?: number }

interface Wanted {
  readonly url: string
  readonly pin: Pin
  readonly graph: NetworkGraph
  readonly cache: ModuleCache | undefined
}

function listWanted(modules: readonly ResolvedModule[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (const { graph } of modules) {
    if (graph === undefined) continue
    const cache = graph.cache === undefined ? undefined : new ModuleCache(graph.cache)
    for (const [url, pin] of graph.pins) {
      const known = wanted.get(url)
      if (known !== undefined && known.pin !== pin) {
        throw refuseModule(url, 'two of the modules have another integrity for it', 'one worker can have one of them')
      }
      wanted.set(url, { url, pin, graph, cache: cache ?? known?.cache })
    }
  }
  return wanted
}

function checkPin({ url, pin }: Wanted, bytes: Uint8Array): void {
  const found = hashLike(pin, bytes)
  if (found === pin) return
  const problem = `its integrity is expected to be ${pin}, found was ${found} (of ${bytes.length} bytes)`
  const repair = 'it is not run; if the change is right, read the module and give its new hash'
  throw refuseModule(url, problem, repair)
}

async function getSource(wanted: Wanted, options: FetchOptions): Promise<ModuleSource> {
  const { url, pin, cache } = wanted
  const kept = cache?.read(pin)
  if (kept !== undefined) return { url, pin, bytes: kept }
  try {
    const bytes = await fetchBytes(new URL(url), options)
    checkPin(wanted, bytes)
    cache?.write(pin, bytes)
    return { url, pin, bytes }
  } catch (error) {
    throw error instanceof FetchRefusal ? refuseModule(url, error.message, error.repair, error.cause) : error
  }
}

/** Gets everything, a few at a time; the first failure stops the others. */
async function getAll(
  all: readonly Wanted[],
  signal: AbortSignal | undefined,
  options: GetOptions,
): Promise<Map<string, ModuleSource>> {
  const { maxTotalBytes = MAX_TOTAL_BYTES, ...limits } = options
  const stop = new AbortController()
  const signals = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal])
  const sources = new Map<string, ModuleSource>()
  const waiting = [...all]
  let total = 0
  const work = async (): Promise<void> => {
    for (let wanted = waiting.shift(); wanted !== undefined; wanted = waiting.shift()) {
      const allowed = listAllowed(new URL(wanted.url), wanted.graph)
      const source = await getSource(wanted, { ...limits, allowed, signal: signals })
      total += source.bytes.length
      if (total > maxTotalBytes) {
        throw refuseModule(wanted.url, `all modules have more than ${maxTotalBytes} bytes`, 'bundle and minify them')
      }
      sources.set(wanted.url, source)
    }
  }
  const failures: unknown[] = []
  const fail = (error: unknown): void => {
    failures.push(error)
    stop.abort(error)
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENT, all.length) }, () => work().catch(fail)))
  signal?.throwIfAborted()
  if (failures.length > 0) throw failures[0]
  return sources
}

/**
 * Gets all modules that come from the network, and checks each against its integrity, before any worker starts.
 *
 * Each is fetched once for a pool, so every worker, also one that is started later, has the same bytes.
 *
 * @throws EisenmpError `ERR_EISENMP_MODULE`; or the reason of `signal`. No connection is left open.
 */
export function fetchModules(
  modules: readonly ResolvedModule[],
  signal?: AbortSignal,
  options: GetOptions = {},
): LoadableModule[] | Promise<LoadableModule[]> {
  const wanted = [...listWanted(modules).values()]
  // With nothing to wait for, a pool is there at once, and hears signals from then on.
  if (wanted.length === 0) return equip(modules, new Map())
  return getAll(wanted, signal, options).then((sources) => equip(modules, sources))
}

function equip(modules: readonly ResolvedModule[], sources: Awaited<ReturnType<typeof getAll>>): LoadableModule[] {
  return modules.map(({ url, export: name, graph }) => {
    const own = graph === undefined ? undefined : [...graph.pins.keys()].map((key) => sources.get(key)!)
    return own === undefined ? { url, export: name } : { url, export: name, sources: own }
  })
}
