import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const PATIENCE_MS = 30_000
const KEPT = 4000

/** A program of ours that tells on stdout how far it is, a word in a line. */
export class Program {
  readonly child: ChildProcess
  #words: string[] = []
  #tail = ''
  #wake = Promise.withResolvers<void>()

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#tail = (this.#tail + text).slice(-KEPT)
        this.#words.push(...text.split('\n'))
        this.#stir()
      })
    }
    this.child.once('exit', () => this.#stir())
  }

  get pid(): number {
    return this.child.pid!
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  #stir(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  /** Waits until it says this word, and forgets all it has said until then. */
  async says(word: string): Promise<void> {
    const endsAt = performance.now() + PATIENCE_MS
    for (;;) {
      const at = this.#words.indexOf(word)
      if (at >= 0) {
        this.#words = this.#words.slice(at + 1)
        return
      }
      if (this.hasEnded) throw new Error(`It has ended before it said "${word}":\n${this.#tail}`)
      if (performance.now() > endsAt) throw new Error(`It did not say "${word}":\n${this.#tail}`)
      const timer = setTimeout(() => this.#stir(), 1000)
      await this.#wake.promise
      clearTimeout(timer)
    }
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.hasEnded) return
    const gone = once(this.child, 'exit')
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS)
    this.child.kill(signal)
    await gone
    clearTimeout(timer)
  }
}

/** Runs a command of a peer to its end. */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${output.slice(-KEPT)}`)
  return output
}
