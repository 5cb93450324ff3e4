import { dirname } from 'node:path'
import type { Backend, WorkerSpec } from '../backend.ts'
import type { HeldTools } from '../tools/hold-tools.ts'

/** The packages that a driver needs lie in one folder with it. */
function findPackages(driver: string): string {
  const at = driver.lastIndexOf('node_modules')
  return at < 0 ? dirname(driver) : driver.slice(0, at + 'node_modules'.length)
}

/** A worker under permissions may read its tools. */
function permit({ permissions }: WorkerSpec, tools: HeldTools): Pick<WorkerSpec, 'permissions'> {
  const files = Object.values(tools.shared).flatMap(({ file }) => (file === undefined ? [] : [file]))
  if (permissions === undefined || files.length === 0) return {}
  const folders = files.flatMap(({ path, driver }) => [`${dirname(path)}/*`, `${findPackages(driver)}/*`])
  return { permissions: { ...permissions, fsRead: [...(permissions.fsRead ?? []), ...new Set(folders)] } }
}

/** A backend whose workers have tools, which are given back after the last worker is gone. */
export function withTools(backend: Backend, tools: HeldTools): Backend {
  return {
    name: backend.name,
    start: (spec, events) => backend.start({ ...spec, ...permit(spec, tools), tools: tools.shared }, events),
    async close() {
      try {
        await backend.close()
      } finally {
        await tools.release()
      }
    },
  }
}
