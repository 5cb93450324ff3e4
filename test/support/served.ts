import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { waitUntil } from './wait-until.ts'

/** The command line of the built package. */
export const bin: string = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url))

/** `eisenmp serve` as a program of its own, with all it has said. */
export class Served {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly #ended: Promise<unknown>

  /** `detached`: in a process group of its own, as a terminal gives one to each command. */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv, detached = false) {
    this.child = spawn(process.execPath, [bin, 'serve', ...args], {
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    })
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.#ended = once(this.child, 'close')
  }

  /** Waits until it has said this on stderr. */
  async says(what: string | RegExp): Promise<void> {
    const hasSaid = (): boolean => (typeof what === 'string' ? this.stderr.includes(what) : what.test(this.stderr))
    const hasEnded = (): boolean => this.child.exitCode !== null || this.child.signalCode !== null
    await waitUntil(() => hasSaid() || hasEnded(), `${what}`).catch((error: unknown) => {
      throw new Error(`${String(error)}; it said:\n${this.stderr}${this.stdout}`)
    })
    if (!hasSaid()) throw new Error(`It ended with ${this.child.exitCode} before ${what}:\n${this.stderr}`)
  }

  async up(): Promise<void> {
    await this.says('Ctrl-C drains')
  }

  /** The ports of its table of addresses. */
  get ports(): number[] {
    return [...this.stderr.matchAll(/(?:127\.0\.0\.1|\[::1\]):(\d+)/g)].map(([, port]) => Number(port))
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports[0]}`
  }

  /** Its exit code, or the signal that ended it. */
  async end(signal?: NodeJS.Signals): Promise<number | string | null> {
    if (signal !== undefined) this.child.kill(signal)
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 20_000)
    await this.#ended
    clearTimeout(timer)
    return this.child.exitCode ?? this.child.signalCode
  }
}
