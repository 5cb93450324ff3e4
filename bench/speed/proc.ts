import { readFileSync, readdirSync } from 'node:fs'

/** A process and those it has started, from outside; only on Linux. */
export interface ProcessTree {
  /** Time on a core so far, ms, of all threads. */
  readonly cpuMs: number
  /** Memory in MB; pages that several of them share are counted once. */
  readonly memoryMb: number
}

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

function listTree(pid: number): number[] {
  const children = list(`/proc/${pid}/task`).flatMap((thread) => {
    return (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter((child) => child !== '')
  })
  return [pid, ...children.flatMap((child) => listTree(Number(child)))]
}

/** The first figure of schedstat is nanoseconds; that of stat would be hundredths of a second. */
function readCpuMs(pid: number): number {
  const threads = list(`/proc/${pid}/task`)
  const times = threads.map((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0))
  return times.reduce((sum, ns) => sum + ns / 1e6, 0)
}

function readMemoryMb(pid: number): number {
  const kb = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1]
  return Number(kb ?? 0) / 1024
}

/** `undefined` where the system does not tell. */
export function readTree(pid: number = process.pid): ProcessTree | undefined {
  if (read(`/proc/${pid}/smaps_rollup`) === undefined || read(`/proc/${pid}/schedstat`) === undefined) return undefined
  const pids = listTree(pid)
  const add = (measure: (each: number) => number): number => pids.reduce((sum, each) => sum + measure(each), 0)
  return { cpuMs: add(readCpuMs), memoryMb: add(readMemoryMb) }
}
