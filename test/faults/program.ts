import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../fixtures/faults.program.ts'
import { until, within } from './deadline.ts'
import { MARKER_NAME, type MarkedProcess, listMarked } from './proc.ts'

/** The program under test. */
export const path: string = fileURLToPath(new URL('../fixtures/faults.program.ts', import.meta.url))
/** The promise is one second; a machine that is busy with other things gets more. */
const ORPHAN_TRAP_MS = 4000

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
}

/** A program under test, in a session of its own, so that signals to its group reach nobody else. */
export class Program {
  readonly #child: ChildProcess
  readonly #marker = randomUUID()
  readonly #ended: Promise<Ended>
  /** Its output has been read to the end; `exit` may come before the last of it. */
  readonly #closed: Promise<unknown>
  stdout = ''
  stderr = ''

  /** `line`: the command that runs the program, where that is not just Node. */
  constructor(scenario: Scenario, line: readonly string[] = [process.execPath, path]) {
    const [command = process.execPath, ...args] = line
    const env = { ...process.env, [MARKER_NAME]: this.#marker, EISENMP_FAULTS_SCENARIO: JSON.stringify(scenario) }
    this.#child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env })
    this.#child.stdin?.on('error', () => {})
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => (this.stdout += text))
    this.#child.stderr?.setEncoding('latin1').on('data', (text: string) => (this.stderr += text))
    this.#closed = once(this.#child, 'close')
    this.#ended = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }))
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  get lines(): string[] {
    return this.stdout.split(/\r?\n/).slice(0, -1)
  }

  /** Ids of the items that came out, in their order. */
  get items(): number[] {
    return this.lines.flatMap((line) => (line.startsWith('item ') ? Number(line.slice(5)) : []))
  }

  says(text: string): Promise<void> {
    return until(`'${text}' in the output`, () => this.stdout.includes(text))
  }

  /** Types on its input. */
  type(text: string): void {
    this.#child.stdin?.write(text)
  }

  /** The reader of its output goes away. */
  stopReading(): void {
    this.#child.stdout?.destroy()
  }

  /** To the program, or as a terminal does it, to its whole group. */
  signal(name: NodeJS.Signals, to: 'program' | 'group' = 'program'): void {
    const pid = this.#child.pid!
    process.kill(to === 'group' ? -pid : pid, name)
  }

  get tree(): MarkedProcess[] {
    return listMarked(this.#marker)
  }

  /** Waits for its end; all that it has started is to be gone then too. */
  async end(): Promise<Ended> {
    try {
      const ended = await within('the end of the program', this.#ended)
      const isAlone = (): boolean => this.tree.length === 0
      await until('the end of all its processes', isAlone, ORPHAN_TRAP_MS).catch((error: unknown) => {
        throw new Error(this.tree.map(({ command }) => command).join('\n'), { cause: error })
      })
      await within('the end of its output', this.#closed)
      return ended
    } finally {
      this.kill()
    }
  }

  /** Leaves nothing behind, also after a test that failed. */
  kill(): void {
    for (const { pid } of this.tree) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has just ended.
      }
    }
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    this.#child.stdin?.destroy()
  }

  async endsWith(code: number): Promise<void> {
    const ended = await this.end()
    assert.deepEqual(ended, { code, signal: null }, this.#show())
  }

  /** Nobody wants to read a stack because of a Ctrl-C. */
  assertQuiet(): void {
    assert.doesNotMatch(this.stderr, /^\s+at |Error/m, this.#show())
  }

  #show(): string {
    return `stdout: ${this.stdout.slice(-500)}\nstderr: ${this.stderr.slice(-2000)}`
  }
}
