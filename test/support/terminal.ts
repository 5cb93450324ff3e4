import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('./terminal.py', import.meta.url))

/** What a program in a terminal left: its exit code (negative: a signal), all it wrote, and the state of the terminal. */
export type TerminalResult = {
  readonly code: number
  readonly screen: string
  readonly isRaw: boolean
  /** Steps that were not reached. */
  readonly left: number
}

/** After the text has appeared: type something, send a signal (`SIGTERM`), or make the window `[rows, columns]`. */
export type TerminalStep = readonly [wait: string, answer: string | readonly [rows: number, columns: number]]

/** Why there is no terminal to be had here; `false` when there is. A real one takes Python's `pty`. */
export const noTerminal: string | false =
  process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty']).status === 0
    ? false
    : 'python3, which has pseudo terminals, is not there'

/** Runs Node with `args` in a real terminal. */
export async function runInTerminal(
  args: readonly string[],
  steps: readonly TerminalStep[],
  { columns = 80, rows = 24, env = {} }: { columns?: number; rows?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<TerminalResult> {
  const { CI: _ci, NO_COLOR: _color, FORCE_COLOR: _force, ...inherited } = process.env
  const child = spawn('python3', [script], {
    env: { ...inherited, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify({ argv: [process.execPath, ...args], steps, columns, rows }))
  const [result] = await Promise.all([text(child.stdout), once(child, 'close')])
  return JSON.parse(result) as TerminalResult
}
