import { snapshot } from '../codec/snapshot.ts'
import { EisenmpError } from '../errors.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import type { Anchor } from '../protocol/indexed-spec.ts'
import type { Program } from '../protocol/messages.ts'
import { fromSharedArray } from '../sources/shared-array.ts'
import { type ChunkLimits, ChunkSizer, type Pace } from '../stream/chunk-size.ts'
import { Chunker, type Pulled } from '../stream/chunker.ts'
import { type SourcePlan, readPlan } from '../stream/indexed-source.ts'
import { type Source, openSource, readLength } from '../stream/source.ts'
import { IndexFeed } from './index-feed.ts'
import type { StreamSettings } from './stream-options.ts'

/** A chunk whose items the workers make. */
export interface PulledRange {
  readonly kind: 'range'
  readonly count: number
  readonly anchor: Anchor | undefined
  readonly ended: boolean
}

/** Where a stream gets its chunks from: one request at a time. */
export interface Feed {
  pull(): Pulled | PulledRange | Promise<Pulled | PulledRange>
  /** A worker is free. */
  nudge(): void
  close(): Promise<void>
}

export interface OpenFeed {
  readonly feed: Feed
  /** The same, when its items are made by the workers. */
  readonly indexed: IndexFeed | undefined
  readonly sizer: ChunkSizer
  readonly total: number | undefined
}

export interface FeedHost {
  countWorkers(): number
  hasIdleWorker(): boolean
  readonly isPortable: boolean
  now(): number
}

/** Nothing is carried to the workers, and no value comes back but a few. */
const MAX_COUNTED = 10_000_000
/** Every item may come back as a value. */
const MAX_VALUES = 65_536

const DENSE: Pace = { first: 1, min: 1, growth: 16, tailMs: 1, isPatient: true }
/** Indices are bytes: fewer would not hold a record. */
const BYTES: Pace = { first: 16_384, min: 4096, growth: 16, tailMs: 1, isPatient: true }

function isBytes({ spec }: SourcePlan): boolean {
  return spec.kind === 'lines' || spec.kind === 'csv'
}

/** Shared memory stays in its process. */
function findPlan(source: Source<unknown>, isPortable: boolean): SourcePlan | undefined {
  const shared = isPortable ? undefined : fromSharedArray(source)
  return readPlan(shared ?? source)
}

function limitIndices(plan: SourcePlan, { stages, sink }: Program, settings: StreamSettings): ChunkLimits {
  const { limits, isMaxItemsGiven } = settings
  const isWhole = stages.some(({ kind }) => kind === 'mapChunks')
  if (isBytes(plan)) return { ...limits, maxItems: isMaxItemsGiven ? limits.maxItems : limits.maxBytes }
  if (isMaxItemsGiven || isWhole) return limits
  return { ...limits, maxItems: sink.kind === 'values' ? MAX_VALUES : MAX_COUNTED }
}

/** Opens a source; it may throw as soon as it is asked for its iterator. */
export function openFeed(
  source: Source<unknown>,
  program: Program,
  settings: StreamSettings,
  host: FeedHost,
): OpenFeed {
  const { fixedChunk } = settings
  const plan = findPlan(source, host.isPortable)
  const limits = plan === undefined ? settings.limits : limitIndices(plan, program, settings)
  const pace = plan === undefined ? undefined : isBytes(plan) ? BYTES : DENSE
  const sizer = new ChunkSizer(limits, () => host.countWorkers(), pace)
  try {
    const total = settings.total ?? (plan === undefined ? readLength(source) : Number(plan.length))
    const left = (pulled: number): number | undefined => (total === undefined ? undefined : Math.max(0, total - pulled))
    const size = (pulled: number): number => fixedChunk ?? sizer.next(left(pulled))
    if (plan !== undefined) {
      const indexed = new IndexFeed(plan, size)
      return { feed: indexed, indexed, sizer, total }
    }
    const feed = new Chunker(openSource(source), {
      size,
      maxBytes: limits.maxBytes,
      maxCollectMs: fixedChunk === undefined ? limits.targetMs : Infinity,
      isEager: () => fixedChunk === undefined && host.hasIdleWorker(),
      snapshot: (value) => snapshot(value, { root: 'item', portable: host.isPortable }),
      now: () => host.now(),
      defer: (callback) => setImmediate(callback),
    })
    return { feed, indexed: undefined, sizer, total }
  } catch (error) {
    const text = `Cannot open the source: it threw: ${summarizeThrown(error)}`
    throw new EisenmpError('ERR_EISENMP_SOURCE', text, { cause: error })
  }
}
