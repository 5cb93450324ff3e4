import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** Set in the environment of a test, so in that of everything it starts, however far down. */
export const MARKER_NAME = 'EISENMP_FAULTS_MARKER'

export interface MarkedProcess {
  readonly pid: number
  readonly command: string
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // The process has ended meanwhile.
    return ''
  }
}

/** A process that has ended and waits for its parent to ask is none any more. */
function isAlive(pid: string): boolean {
  const stat = readText(`/proc/${pid}/stat`)
  return stat !== '' && stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z'
}

/** All processes of the machine that carry the marker, this one left out. */
export function listMarked(marker: string): MarkedProcess[] {
  const wanted = `${MARKER_NAME}=${marker}`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readText(`/proc/${pid}/environ`).split('\0').includes(wanted) && isAlive(pid))
    .map((pid) => ({ pid: Number(pid), command: readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
}

/** Open descriptors of this process by what they lead to: `pipe`, `socket`, `anon_inode:[eventpoll]`, a path. */
export function listDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`).replace(/^(pipe|socket):.*/, '$1')]
    } catch {
      // The descriptor that reads the folder.
      return []
    }
  })
}

export function countThreads(): number {
  return readdirSync('/proc/self/task').length
}

/** Whether some process on the machine has the file open. */
export function isOpenSomewhere(path: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(path))
      } catch {
        return false
      }
    })
}
