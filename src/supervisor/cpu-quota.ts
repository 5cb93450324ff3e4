import { join } from 'node:path'
import { readSystemFile } from './proc-files.ts'

/** Where the groups of a hierarchy are seen. */
interface GroupMount {
  /** The group that is seen at `folder`. In a container it need not be the root of all. */
  readonly group: string
  readonly folder: string
  readonly version: 1 | 2
}

function unescapePath(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** Lines of `/proc/self/mountinfo`: `30 22 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw`. */
function listMounts(mountInfo: string): GroupMount[] {
  const mounts: GroupMount[] = []
  for (const line of mountInfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ')
    const [, , , group, folder] = left.split(' ')
    const [type, , options = ''] = right.split(' ')
    const version = type === 'cgroup2' ? 2 : type === 'cgroup' && options.split(',').includes('cpu') ? 1 : undefined
    if (group === undefined || folder === undefined || version === undefined) continue
    mounts.push({ group: unescapePath(group), folder: unescapePath(folder), version })
  }
  return mounts
}

/** The group of this process, from `/proc/self/cgroup`: `0::/a/b` of version 2, `4:cpu,cpuacct:/a/b` of version 1. */
function findGroup(groups: string, version: 1 | 2): string | undefined {
  for (const line of groups.split('\n')) {
    const [id, controllers = '', ...path] = line.split(':')
    const isIt = version === 2 ? id === '0' && controllers === '' : controllers.split(',').includes('cpu')
    if (isIt && path.length > 0) return path.join(':')
  }
  return undefined
}

/** Cores' worth of time that one group may use. */
function readGroupQuota(folder: string, version: 1 | 2): number {
  const texts =
    version === 2
      ? readSystemFile(join(folder, 'cpu.max'))?.trim().split(' ')
      : ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readSystemFile(join(folder, name)))
  const [quota, period] = (texts ?? []).map(Number)
  // No limit is `max` or -1.
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : Infinity
}

/**
 * How many cores' worth of CPU time the container, or whatever else limits this process, lets it have: the least of its
 * control group and all groups above that can be seen, of both versions. `Infinity` without a limit, and not on Linux.
 *
 * @param root - The folder that is taken for `/`.
 */
export function readCpuQuota(root = '/'): number {
  const groups = readSystemFile(join(root, 'proc/self/cgroup'))
  const mountInfo = readSystemFile(join(root, 'proc/self/mountinfo'))
  if (groups === undefined || mountInfo === undefined) return Infinity
  let least = Infinity
  for (const { group: seen, folder, version } of listMounts(mountInfo)) {
    const own = findGroup(groups, version)
    if (own === undefined) continue
    // A path from outside of the container's view says nothing inside: there its own group is at the top.
    const isInside = seen === '/' || own === seen || own.startsWith(`${seen}/`)
    const names = isInside ? own.slice(seen === '/' ? 0 : seen.length).split('/') : []
    let path = join(root, folder)
    for (const name of ['', ...names]) {
      if (name === '..') break
      path = join(path, name)
      least = Math.min(least, readGroupQuota(path, version))
    }
  }
  return least
}
