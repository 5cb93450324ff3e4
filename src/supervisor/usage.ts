import { getPriority } from 'node:os'
import { parseCoreList } from './core-list.ts'
import { findStatusField, readSystemFile } from './proc-files.ts'

/** Where a worker is found by the system. */
export interface SystemPlace {
  readonly backend: 'threads' | 'processes' | 'inline'
  /** 0 while there is none. */
  readonly pid: number
  /** Of a thread, where it can be known; else 0. */
  readonly systemThreadId: number
}

/** What the system tells of a worker. `undefined`: it does not. */
export interface Usage {
  readonly cpuMs: number | undefined
  readonly rssMb: number | undefined
  readonly cores: readonly number[] | undefined
  readonly nice: number | undefined
}

/** Linux counts CPU time for its files in hundredths of a second, whatever its own clock is. */
const TICK_MS = 10

/** The folder of `/proc` that is about this worker alone. */
export function findProcFolder({ backend, pid, systemThreadId }: SystemPlace): string | undefined {
  if (process.platform !== 'linux' || pid === 0) return undefined
  if (backend === 'processes') return `/proc/${pid}`
  return backend === 'threads' && Number.isSafeInteger(systemThreadId) && systemThreadId > 0
    ? `/proc/${pid}/task/${systemThreadId}`
    : undefined
}

/** Fields of `/proc/…/stat` behind the name, which may itself hold brackets and spaces. */
function parseStat(stat: string): { cpuMs: number; nice: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, nice: Number(fields[16]) }
}

/** Nanoseconds of one thread; systems can be built without it. */
function readThreadCpuMs(folder: string): number | undefined {
  const time = readSystemFile(`${folder}/schedstat`)?.split(' ')[0]
  return time === undefined ? undefined : Number(time) / 1e6
}

function readFolder(folder: string, isThread: boolean): Usage | undefined {
  const stat = readSystemFile(`${folder}/stat`)
  const status = readSystemFile(`${folder}/status`)
  if (stat === undefined || status === undefined) return undefined
  const { cpuMs, nice } = parseStat(stat)
  const rss = findStatusField(status, 'VmRSS')
  return {
    cpuMs: (isThread ? readThreadCpuMs(folder) : undefined) ?? cpuMs,
    rssMb: rss === undefined ? undefined : Number.parseInt(rss, 10) / 1024,
    cores: parseCoreList(findStatusField(status, 'Cpus_allowed_list') ?? ''),
    nice,
  }
}

function readNice(pid: number): number | undefined {
  try {
    return getPriority(pid)
  } catch {
    return undefined
  }
}

/**
 * Reads what the system knows of a worker, at this moment. Threads and inline workers have no memory of their own: theirs
 * is that of the program.
 *
 * @param ownRssMb - Memory of this process.
 */
export function readUsage(place: SystemPlace, ownRssMb: number): Usage {
  const { backend, pid } = place
  const folder = findProcFolder(place)
  const usage = folder === undefined ? undefined : readFolder(folder, backend === 'threads')
  const isProcess = backend === 'processes' && pid !== 0
  return {
    cpuMs: usage?.cpuMs,
    rssMb: backend === 'processes' ? usage?.rssMb : pid === 0 ? undefined : ownRssMb,
    cores: usage?.cores,
    nice: usage?.nice ?? (isProcess && process.platform !== 'linux' ? readNice(pid) : undefined),
  }
}
