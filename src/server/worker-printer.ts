import { writePrint } from '../pool/print-line.ts'
import { WorkerOutput } from '../pool/worker-output.ts'
import type { PrintLevel } from '../protocol/loop-messages.ts'
import { OutputLines } from './output-lines.ts'
import type { OutputLine } from './serve-options.ts'

/** Who prints. */
export interface PrintingWorker {
  readonly name: string
  readonly index: number
}

type Stream = 'stdout' | 'stderr'

/** What one life of a worker prints, line by line: to the program's own output, or to the user's function. */
export class WorkerPrinter {
  readonly #worker: PrintingWorker
  readonly #onOutput: ((line: OutputLine) => void) | undefined
  readonly #own: WorkerOutput | undefined
  readonly #lines: Readonly<Record<Stream, OutputLines>>

  constructor(worker: PrintingWorker, onOutput: ((line: OutputLine) => void) | undefined) {
    this.#worker = worker
    this.#onOutput = onOutput
    this.#own = onOutput === undefined ? new WorkerOutput() : undefined
    const cut = (stream: Stream): OutputLines => new OutputLines((text) => this.#tell(stream, text))
    this.#lines = { stdout: cut('stdout'), stderr: cut('stderr') }
  }

  #tell(stream: Stream, text: string): void {
    const { name, index } = this.#worker
    this.#onOutput?.({ worker: name, index, stream, text })
  }

  push(stream: Stream, bytes: Uint8Array): void {
    if (this.#own === undefined) this.#lines[stream].push(bytes)
    else this.#own.push(stream, bytes)
  }

  /** What `toolbox.print` and `toolbox.log` were given. */
  print(level: PrintLevel, text: string): void {
    if (this.#own !== undefined) return writePrint(this.#worker.index, level, text)
    const label = level === 'print' ? '' : `${level}: `
    for (const line of text.split('\n')) this.#tell(level === 'print' ? 'stdout' : 'stderr', label + line)
  }

  /** Passes on an unfinished last line too. */
  end(): void {
    this.#own?.close()
    this.#lines.stdout.end()
    this.#lines.stderr.end()
  }
}
