import { readFileSync } from 'node:fs'

/** Whether a process is stopped by a signal (SIGSTOP, Ctrl-Z). `false` where the system does not tell (not Linux). */
export function isProcessStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in brackets may itself hold brackets and spaces; the state follows the last one.
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'T'
  } catch {
    return false
  }
}
