import { writePrint } from '../pool/print-line.ts'
import { WorkerOutput } from '../pool/worker-output.ts'
import type { PrintLevel } from '../protocol/loop-messages.ts'
import type { LifeRecord } from './life.ts'
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

/** A printer for each life of a service, from its first word to its end. */
export class WorkerPrinters {
  readonly #onOutput: ((line: OutputLine) => void) | undefined
  readonly #printers = new Map<LifeRecord, WorkerPrinter>()

  constructor(onOutput: ((line: OutputLine) => void) | undefined) {
    this.#onOutput = onOutput
  }

  of(life: LifeRecord): WorkerPrinter {
    let printer = this.#printers.get(life)
    if (printer === undefined) {
      printer = new WorkerPrinter({ name: life.name, index: life.seat }, this.#onOutput)
      this.#printers.set(life, printer)
    }
    return printer
  }

  /** The life is gone. */
  end(life: LifeRecord): void {
    this.#printers.get(life)?.end()
    this.#printers.delete(life)
  }
}
