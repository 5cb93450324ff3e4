import { readdirSync, readFileSync } from 'node:fs'

/** Whether leftover processes can be found on this system. */
export const canScan: boolean = process.platform === 'linux'

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // The process has gone, or is somebody else's.
    return ''
  }
}

function isLive(pid: string): boolean {
  const stat = read(`/proc/${pid}/stat`)
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  return state !== '' && state !== 'Z' && state !== 'X'
}

/** Ids of live processes that were started with this marker in their environment. */
export function findMarked(marker: string): number[] {
  if (!canScan) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(marker) && isLive(name))
    .map(Number)
}
