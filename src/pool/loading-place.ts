import type { WorkerModule } from '../backend.ts'
import { LOADING, MARK_LOADING, type Mark } from '../protocol/mark.ts'

/** The file of a module, short enough for a message. */
function nameModule(url: string): string {
  const { protocol, pathname, href } = new URL(url)
  if (protocol === 'data:') return `${href.slice(0, 60)}…`
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  return name === '' ? href : name
}

/** Where a worker was that did not get ready: with which module, and what may keep it there. */
export function describeLoading(
  mark: Mark | undefined,
  modules: readonly WorkerModule[],
): { readonly where: string; readonly repair: string } {
  const repair = 'a top-level await that never resolves'
  const module = mark?.unit === MARK_LOADING ? modules[mark.offset] : undefined
  if (module === undefined) return { where: '', repair }
  const { offset, startedAtMs } = mark!
  const name = `${offset === 0 ? 'main module' : 'mate'} '${nameModule(module.url)}'`
  if (startedAtMs !== LOADING.call)
    return { where: `, and it was loading its ${name}`, repair: `${repair}, or a loop without end` }
  const where = `, and '${module.export}' of its ${name} had not returned`
  return { where, repair: 'an await that never resolves there, or a loop without end' }
}
