import { type PackedValues, pack, unpack } from '../../codec/pack.ts'
import { MARK_UNKNOWN } from '../../protocol/mark.ts'
import type { IndexRange } from '../../protocol/indexed-spec.ts'
import type { FailureCause, ResultsMessage, UnitMessage } from '../../protocol/messages.ts'
import type { BlockFailure, OpenedSource } from '../../stream/indexed-source.ts'
import { Answer, type Taken } from './answer.ts'
import { Pipeline, isThenable } from './pipeline.ts'
import { BlockRun, type RunRange, readBlock, toCause, toStretch } from './run-blocks.ts'
import type { SourceCache } from './source-cache.ts'
import { offsetAt } from './tight-loop.ts'
import { WorkerToolbox } from './toolbox.ts'

/** What a run needs of its worker. */
export interface RunContext {
  readonly tasks: ReadonlyMap<string, unknown>
  readonly toolbox: WorkerToolbox
  /** Values must survive leaving this process. */
  readonly portable: boolean
  /** Marking an item costs next to nothing. */
  readonly marksAreCheap: boolean
  /** The memory that the mark is in, where it can be written as it is. */
  readonly markBlock?: Float64Array | undefined
  readonly sources: SourceCache
  mark(unit: number, offset: number, startedAtMs: number): void
  now(): number
  heapMb(): number
  /** Sends an answer; resolves when it can no longer be lost with this worker. */
  answer(message: ResultsMessage): void | Promise<void>
  /** Whether the unit in work was aborted. */
  isAborted(): boolean
}

/** Works through one unit and answers. Never rejects: what a task throws is part of the answer. */
export class UnitRun {
  readonly #unit: UnitMessage
  readonly #items: readonly unknown[]
  readonly #context: RunContext
  readonly #answer: Answer
  readonly #pipeline: Pipeline
  readonly #startedAtMs: number
  #answered = 0
  #answeredAtMs: number

  constructor(unit: UnitMessage, context: RunContext) {
    this.#unit = unit
    this.#items = takeItems(unit.items)
    this.#context = context
    this.#answer = new Answer(unit.program.sink, context.tasks, context.toolbox, context.portable)
    const whole = unit.program.stages.findIndex(({ kind }) => kind === 'mapChunks')
    const stages = whole < 0 ? unit.program.stages : unit.program.stages.slice(0, whole)
    this.#pipeline = new Pipeline(stages, context.tasks, context.toolbox)
    this.#startedAtMs = context.now()
    this.#answeredAtMs = this.#startedAtMs
  }

  async run(): Promise<void> {
    WorkerToolbox.renew(this.#context.toolbox)
    const { stages } = this.#unit.program
    const whole = stages.findIndex(({ kind }) => kind === 'mapChunks')
    const items = this.#items
    const count = items.length
    if (this.#unit.range !== undefined) await this.#runRange(this.#unit.range, whole)
    else if (whole < 0) await this.#runBlocks({ blockLength: Infinity, read: () => ({ items }) }, { from: 0, count })
    else await this.#runWhole(whole, { items, count })
    // The mark of a unit that is answered points nowhere; only a watch for long items would still look at it.
    if (this.#context.marksAreCheap || this.#unit.timed) this.#context.mark(0, 0, 0)
  }

  async #runRange(range: IndexRange, whole: number): Promise<void> {
    const { sources, mark } = this.#context
    let source: OpenedSource
    try {
      // Opening runs code of the source, which may take the worker with it.
      mark(this.#unit.unit, MARK_UNKNOWN, 0)
      source = await sources.take(range)
    } catch (error) {
      sources.rest()
      // The stream ends with it, so it is told once and not for each index.
      this.#answer.fail(0, error, 'unreadable')
      return this.#send(range.count, true)
    }
    if (whole >= 0) await this.#runWhole(whole, readWhole(source, range))
    else await this.#runBlocks(source, range)
    sources.rest()
  }

  async #runBlocks(source: Pick<OpenedSource, 'read' | 'blockLength'>, range: RunRange): Promise<void> {
    const shared = { unit: this.#unit, range, context: this.#context, answer: this.#answer, pipeline: this.#pipeline }
    const answered = (): number => this.#answered
    const send = (done: number, last: boolean): Promise<void> => this.#send(done, last)
    await new BlockRun({ ...shared, answered, send }).run(source)
  }

  /** `mapChunks` sees all items at once, so they succeed or fail together. */
  async #runWhole(whole: number, all: WholeUnit): Promise<void> {
    const { unit, program, timed } = this.#unit
    const { items } = all
    const context = this.#context
    context.mark(unit, MARK_UNKNOWN, timed ? context.now() : 0)
    const failed = new Map<number, unknown>()
    const prepared: unknown[] = []
    for (let i = 0; i < items.length; i++) {
      const kept = prepared.length
      try {
        const pending = this.#pipeline.run(items[i], (value) => prepared.push(value))
        if (isThenable(pending)) await pending
      } catch (error) {
        prepared.length = kept
        failed.set(i, error)
      }
    }
    const task = context.tasks.get(program.stages[whole]!.task) as (all: unknown[], toolbox: WorkerToolbox) => unknown
    const after = new Pipeline(program.stages.slice(whole + 1), context.tasks, context.toolbox)
    this.#answer.begin()
    try {
      const results = await task(prepared, context.toolbox)
      if (!Array.isArray(results)) throw new TypeError(explainNotArray(program.stages[whole]!.task, results))
      for (const value of results) {
        const pending = after.run(value, this.#answer.emit)
        if (isThenable(pending)) await pending
      }
    } catch (error) {
      for (let i = 0; i < items.length; i++) if (!failed.has(i)) failed.set(i, error)
    }
    await this.#sendWhole(failed, all)
  }

  async #sendWhole(failed: Map<number, unknown>, { items, count, offsets, broken }: WholeUnit): Promise<void> {
    let values: readonly unknown[] = []
    try {
      values = this.#answer.take().values
    } catch (error) {
      for (let i = 0; i < items.length; i++) if (!failed.has(i)) failed.set(i, error)
    }
    if (failed.size === items.length) values = []
    const place = (i: number): number => (offsets === undefined ? i : offsets[i]!)
    const wrong = [...failed].map(([i, error]) => ({ at: place(i), error, why: undefined as FailureCause | undefined }))
    for (const failure of broken ?? []) wrong.push({ at: failure.at, error: failure.error, why: toCause(failure) })
    for (const { at, error, why } of wrong.sort((a, b) => a.at - b.at)) this.#answer.fail(at, error, why)
    // No value belongs to one item: they stand where the first item is that did not fail.
    const first = place(items.findIndex((_, i) => !failed.has(i)))
    const toPlace = (offset: number): number => (offset < first ? 0 : values.length)
    const failures = this.#answer.take().failures.map((failure) => ({ ...failure, at: toPlace(failure.offset) }))
    await this.#post(count, true, { values, failures })
  }

  async #send(done: number, last: boolean): Promise<void> {
    let taken: Taken
    try {
      taken = this.#answer.take()
    } catch (error) {
      taken = this.#answer.failAll(done - this.#answered, error)
    }
    await this.#post(done, last, taken)
  }

  async #post(done: number, last: boolean, { values: given, failures }: Taken): Promise<void> {
    const { unit, attempt } = this.#unit
    const now = this.#context.now()
    const count = done - this.#answered
    const ms = now - this.#answeredAtMs
    this.#answered = done
    this.#answeredAtMs = now
    const heapMb = this.#context.heapMb()
    const values = pack(given)
    await this.#context.answer({ kind: 'results', unit, attempt, count, last, values, failures, ms, heapMb })
  }
}

/** V8 compiles the loops over items anew for each form of array, so all have the form that unpacking makes. */
function takeItems(packed: PackedValues): readonly unknown[] {
  const values = unpack(packed)
  if (values !== packed) return values
  const items = new Array<unknown>(values.length)
  for (let i = 0; i < values.length; i++) items[i] = values[i]
  return items
}

/** All items of a unit, for `mapChunks`. */
interface WholeUnit {
  readonly items: readonly unknown[]
  /** Indices that the unit covers. */
  readonly count: number
  /** Where in the unit each item stands; left out: one after another. */
  readonly offsets?: readonly number[]
  /** What could not be made. */
  readonly broken?: readonly BlockFailure[]
}

function readWhole(source: OpenedSource, range: IndexRange): WholeUnit {
  const items: unknown[] = []
  const offsets: number[] = []
  const broken: BlockFailure[] = []
  for (let offset = 0; offset < range.count;) {
    const next = Math.min(range.count, offset + source.blockLength)
    const block = readBlock(source, range, offset, next)
    const stretch = toStretch(block, range.from, offset)
    block.items.forEach((item, i) => {
      items.push(item)
      offsets.push(offsetAt(stretch, i))
    })
    offset = next
    if (block.failed === undefined) continue
    const at = block.failed.at - range.from
    broken.push({ ...block.failed, at })
    offset = Math.max(at + 1, block.failed.next - range.from)
  }
  return { items, count: range.count, offsets, broken }
}

function explainNotArray(task: string, value: unknown): string {
  const given = value === null ? 'null' : typeof value
  return `Task '${task}' in mapChunks() must return an array: it returned ${given}`
}
