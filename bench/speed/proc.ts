import { readFileSync, readdirSync } from 'node:fs'

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** This process and all under it; on Linux. */
export function listTree(pid: number): number[] {
  const children = list(`/proc/${pid}/task`).flatMap((thread) => {
    return (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter((child) => child !== '')
  })
  return [pid, ...children.flatMap((child) => listTree(Number(child)))]
}

/** The first figure of schedstat is nanoseconds; that of stat would be hundredths of a second. */
function readThreadMs(pid: number, thread: string): number {
  return Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0) / 1e6
}

/** Memory of one process, MB; its part of what it shares. */
export function readMemoryOf(pid: number): number {
  const kb = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1]
  return Number(kb ?? 0) / 1024
}

function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Time on a core, ms, of a process and all under it, as long as they have lived. Only on Linux. */
export function readTreeCpuMs(pid: number): number {
  return add(listTree(pid).flatMap((each) => list(`/proc/${each}/task`).map((thread) => readThreadMs(each, thread))))
}

/**
 * From now on: time on a core, ms, of this process and, on Linux, of those that it has started.
 *
 * What it costs to look at the others is not counted: its own time is read last now, and first then.
 */
export function watchCpu(): () => number {
  const children = listTree(process.pid).slice(1)
  const readOthers = (): number =>
    add(children.flatMap((pid) => list(`/proc/${pid}/task`).map((thread) => readThreadMs(pid, thread))))
  const others = readOthers()
  const own = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(own)
    return (user + system) / 1000 + readOthers() - others
  }
}

/** Memory of this process and those it has started; shared pages are counted once. Only on Linux. */
export function readMemoryMb(): number | undefined {
  return read('/proc/self/smaps_rollup') === undefined ? undefined : add(listTree(process.pid).map(readMemoryOf))
}
