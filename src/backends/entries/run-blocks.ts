import { MARK_UNKNOWN, MARK_UNTIMED } from '../../protocol/mark.ts'
import type { IndexRange } from '../../protocol/indexed-spec.ts'
import type { UnitMessage } from '../../protocol/messages.ts'
import type { Block, BlockFailure, OpenedSource } from '../../stream/indexed-source.ts'
import type { Answer } from './answer.ts'
import type { Pipeline } from './pipeline.ts'
import type { RunContext } from './run-unit.ts'
import { type Stretch, TightLoop, offsetAt } from './tight-loop.ts'

/** What a run works through: indices of a source. */
export type RunRange = Pick<IndexRange, 'from' | 'count' | 'anchor'>

/** What a run shares with the unit it is part of. */
export interface BlockParts {
  readonly unit: UnitMessage
  readonly range: RunRange
  readonly context: RunContext
  readonly answer: Answer
  readonly pipeline: Pipeline
  /** Offset in the unit where the current answer begins. */
  answered(): number
  /** Answers for everything before `done`. */
  send(done: number, last: boolean): Promise<void>
}

/** After so long the rest goes back, so that another worker can take it: item times are only ever estimated. */
const BUDGET_MS = 50
/** Items longer than this are worth a mark that costs some microseconds. */
const MARK_FROM_MS = 0.02
/**
 * How often the clock is read: a look costs a hundredth of it. Items that follow cheap ones may be long, and until the
 * next look nobody knows.
 */
const LOOK_EVERY_MS = 0.01
const MAX_STRIDE = 1024
const GROWTH = 4

/** Takes the items of a unit block by block, from a source or from the unit itself, and works through them. */
export class BlockRun {
  readonly #parts: BlockParts
  readonly #loop: TightLoop
  readonly #startedAtMs: number
  /** Each item is marked by itself, through the backend. */
  readonly #isEachMarked: boolean
  #stride = 1
  #done = 0
  #isMarkExact = true

  constructor(parts: BlockParts) {
    const { unit, context, answer, pipeline } = parts
    const { program, timed, flush, marks } = unit
    const { tasks, toolbox } = context
    this.#parts = parts
    const mark = context.markBlock ?? new Float64Array(3)
    this.#loop = new TightLoop({ program, tasks, toolbox, pipeline, answer, mark })
    this.#isEachMarked = flush || (context.markBlock === undefined && (timed || marks || context.marksAreCheap))
    this.#startedAtMs = context.now()
  }

  async run(source: Omit<OpenedSource, 'close'>): Promise<void> {
    const { range, send } = this.#parts
    const progression = source.progress?.(range.from, range.from + range.count)
    if (progression !== undefined) {
      const stretch = { items: [], progression, offsets: undefined, base: 0 }
      return send(await this.#runBlock(stretch, range.count, range.count), true)
    }
    for (let offset = 0; offset < range.count;) {
      const next = Math.min(range.count, offset + source.blockLength)
      const block = readBlock(source, range, offset, next)
      const through = block.failed === undefined ? next : block.failed.at - range.from
      const leftAt = await this.#runBlock(toStretch(block, range.from, offset), block.items.length, through)
      if (leftAt < through) return send(leftAt, true)
      offset = next
      if (block.failed === undefined) continue
      this.#parts.answer.begin()
      this.#parts.answer.fail(through - this.#parts.answered(), block.failed.error, toCause(block.failed))
      offset = Math.max(through + 1, block.failed.next - range.from)
    }
    await send(range.count, true)
  }

  /** Offset up to which all is done: `end`, unless the rest is to be handed back. */
  async #runBlock(stretch: Stretch, length: number, end: number): Promise<number> {
    const { unit, answered, send } = this.#parts
    const loop = this.#loop
    loop.at = 0
    while (loop.at < length) {
      const from = loop.at
      const to = this.#isEachMarked || this.#isLong() ? from + 1 : Math.min(length, from + this.#stride)
      this.#mark(stretch, from)
      const pending = loop.run(stretch, to, answered())
      if (pending !== undefined) await this.#await(stretch, pending)
      this.#done += loop.at - from
      const through = loop.at < length ? offsetAt(stretch, loop.at) : end
      const isLast = loop.at === length && end === this.#parts.range.count
      if (isLast) break
      if (unit.flush) await send(through, false)
      if (this.#isOver() && through < this.#parts.range.count) return Math.min(through, end)
    }
    return end
  }

  async #await(stretch: Stretch, pending: PromiseLike<unknown>): Promise<void> {
    const { answer, answered } = this.#parts
    const offset = offsetAt(stretch, this.#loop.at)
    if (this.#markedAtMs === MARK_UNTIMED) this.#markedAtMs = this.#parts.context.now()
    // What is awaited can be aborted: the runtime has to know which item it is.
    if (this.#isMarkExact) this.#parts.context.mark(this.#parts.unit.unit, offset, this.#markedAtMs)
    await pending.then(undefined, (error: unknown) => answer.fail(offset - answered(), error))
    this.#loop.at += 1
  }

  #markedAtMs = 0

  /** Items that are long by what is known so far. */
  #isLong(): boolean {
    return this.#done > 0 && this.#stride === 1
  }

  #mark(stretch: Stretch, at: number): void {
    const { context, unit } = this.#parts
    if (unit.timed) this.#markedAtMs = this.#stride === 1 || this.#isEachMarked ? context.now() : MARK_UNTIMED
    if (this.#isEachMarked || context.markBlock !== undefined || this.#isLong()) {
      this.#isMarkExact = true
      context.mark(unit.unit, offsetAt(stretch, at), this.#markedAtMs)
    } else if (this.#done === 0 || this.#isMarkExact) {
      // An exact mark that is not kept up would blame the wrong item.
      this.#isMarkExact = false
      context.mark(unit.unit, MARK_UNKNOWN, 0)
    }
  }

  #isOver(): boolean {
    const { context } = this.#parts
    const elapsed = context.now() - this.#startedAtMs
    const perItem = Math.max(elapsed / Math.max(1, this.#done), 1e-7)
    const wanted = perItem > MARK_FROM_MS ? 1 : Math.max(2, Math.floor(LOOK_EVERY_MS / perItem))
    // As an integer: a field that was one and becomes a double makes V8 throw away all that it has compiled for it.
    this.#stride = Math.min(wanted, this.#stride * GROWTH, MAX_STRIDE) | 0
    return elapsed > BUDGET_MS || context.isAborted()
  }
}

export function toCause({ isUnreadable }: BlockFailure): 'source' | 'unreadable' {
  return isUnreadable === true ? 'unreadable' : 'source'
}

/** A source that throws fails as far as it was asked for. */
export function readBlock(source: Pick<OpenedSource, 'read'>, range: RunRange, offset: number, next: number): Block {
  const from = range.from + offset
  const to = range.from + next
  try {
    return source.read(from, to, range.anchor)
  } catch (error) {
    return { items: [], failed: { at: from, next: to, error, isUnreadable: true } }
  }
}

export function toStretch({ items, positions }: Block, from: number, base: number): Stretch {
  return { items, offsets: positions?.map((position) => position - from), base }
}
