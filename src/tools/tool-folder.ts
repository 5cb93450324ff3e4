import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Waits until its input ends, which it does when this program ends, however it ended. */
const SCRIPT = 'read -r line; rm -rf -- "$1"'

/** A folder of this user alone, which goes with this program, also when that is killed. */
class ToolFolder {
  readonly path: string
  readonly #shell: ChildProcess | undefined
  readonly #onExit = (): void => rmSync(this.path, { recursive: true, force: true })

  constructor(path: string) {
    this.path = path
    this.#shell = startShell(path)
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

let current: Promise<ToolFolder> | undefined
let users = 0
let made = 0

/** A name for a new file in the one folder of this program; `release` when the file is gone. */
export async function takePath(): Promise<{ readonly path: string; release(): Promise<void> }> {
  users += 1
  const folder = (current ??= mkdtemp(join(tmpdir(), 'eisenmp-tools-')).then((path) => new ToolFolder(path)))
  const release = async (): Promise<void> => {
    users -= 1
    if (users > 0) return
    current = undefined
    await (await folder.catch(() => undefined))?.remove()
  }
  try {
    const { path } = await folder
    made += 1
    return { path: join(path, `${made}.mdb`), release }
  } catch (error) {
    await release()
    throw error
  }
}
