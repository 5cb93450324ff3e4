import type { ChildProcess } from 'node:child_process'
import { END_DEADLINE_MS } from '../backend.ts'

/**
 * Reads process ids until its input ends, which it does when this program ends, however it ended; then kills those
 * that are left. A worker in a loop, or in a long native call, cannot notice by itself that its parent is gone.
 */
const SCRIPT = `pids=
while read -r sign pid; do
  if [ "$sign" = + ]; then pids="$pids $pid"
  else
    left=
    for other in $pids; do [ "$other" = "$pid" ] || left="$left $other"; done
    pids=$left
  fi
done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null`

/** One small shell for all worker processes of a pool, in a session of its own so that no terminal signal reaches it. */
export class Reaper {
  #shell: ChildProcess | undefined
  #isFailed = false

  #open(): ChildProcess | undefined {
    if (this.#shell !== undefined || this.#isFailed || process.platform === 'win32') return this.#shell
    const { spawn } = process.getBuiltinModule('node:child_process')
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'eisenmp-reaper'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    })
    // Without a shell, workers still end when their pipe does, except in a loop.
    shell.on('error', () => {
      this.#isFailed = true
    })
    shell.stdin?.on('error', () => {})
    shell.unref()
    ;(shell.stdin as { unref?(): void } | null)?.unref?.()
    this.#shell = shell
    return shell
  }

  watch(pid: number): void {
    this.#open()?.stdin?.write(`+ ${pid}\n`)
  }

  /** MUST be called as soon as the process is reaped: its id may be another's from then on. */
  forget(pid: number): void {
    this.#shell?.stdin?.write(`- ${pid}\n`)
  }

  async close(): Promise<void> {
    const shell = this.#shell
    this.#shell = undefined
    if (shell === undefined || shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return
    shell.ref()
    // Node drops its handle two turns of the loop after the event.
    const ended = new Promise<void>((resolve) => shell.once('close', () => setImmediate(() => setImmediate(resolve))))
    const timer = setTimeout(() => shell.kill('SIGKILL'), END_DEADLINE_MS)
    shell.stdin?.end()
    await ended
    clearTimeout(timer)
  }
}
