import type { ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Waits until its input ends, which it does when this program ends, however it ended. */
const SCRIPT = 'read -r line; rm -rf -- "$1"'

/** A folder of this user alone, which goes with this program, also when that is killed. */
class ToolFolder {
  readonly path: string
  readonly #shell: ChildProcess | undefined
  readonly #onExit = (): void => rmSync(this.path, { recursive: true, force: true })

  constructor() {
    this.path = join(tmpdir(), `eisenmp-tools-${crypto.randomUUID()}`)
    // Before the folder is there: the program may be killed at any moment.
    this.#shell = startShell(this.path)
    // It must be new, so nobody else can have prepared it.
    mkdirSync(this.path, { mode: 0o700 })
    process.once('exit', this.#onExit)
  }

  async remove(): Promise<void> {
    process.off('exit', this.#onExit)
    await rm(this.path, { recursive: true, force: true })
    const shell = this.#shell
    if (shell === undefined || shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return
    shell.ref()
    // Node drops its handle two turns of the loop after the event.
    const ended = new Promise<void>((resolve) => shell.once('close', () => setImmediate(() => setImmediate(resolve))))
    shell.stdin?.end()
    await ended
  }
}

/** A session of its own keeps the signals of a terminal from it. */
function startShell(path: string): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined
  const { spawn } = process.getBuiltinModule('node:child_process')
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'eisenmp-tools', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  })
  // Without a shell the folder still goes when the program ends by itself.
  shell.on('error', () => {})
  shell.stdin?.on('error', () => {})
  shell.unref()
  ;(shell.stdin as { unref?(): void } | null)?.unref?.()
  return shell
}

let current: ToolFolder | undefined
let users = 0
let made = 0

/** A name for a new file in the one folder of this program; `release` when the file is gone. */
export function takePath(): { readonly path: string; release(): Promise<void> } {
  const folder = (current ??= new ToolFolder())
  users += 1
  made += 1
  const release = async (): Promise<void> => {
    users -= 1
    if (users > 0) return
    current = undefined
    await folder.remove()
  }
  return { path: join(folder.path, `${made}.mdb`), release }
}
