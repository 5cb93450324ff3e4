import { isDeepStrictEqual } from 'node:util'
import { watchOthers } from './machine-use.ts'
import { createProgressLine } from './progress-line.ts'
import type { ProgressReport } from './progress-line.ts'

/** What a stream gave: its results in order, and how many tickets its chunks had. */
export type Run<T> = { results: T[]; tickets: number }

/** The same work done three times; times include starting and ending the workers. */
export type Comparison = {
  label: string
  workers: number
  tickets: number
  plainMs: number
  oneWorkerMs: number
  allWorkersMs: number
  /** How much of the time with all workers the thread that feeds them was busy itself, from 0 to 1. */
  parentShare: number
  /** How much of the machine other programs used meanwhile, from 0 to 1; `undefined` where nobody knows. */
  othersShare: number | undefined
}

/** One piece of work in two forms. */
export type Work<T> = {
  label: string
  workers: number
  /** Does the work with a pool of so many workers. */
  pooled(workers: number, label: string): Promise<Run<T>>
  /** Does the work in this thread. */
  plain(label: string): Promise<T[]>
  /** Is called with the results as soon as they are there. */
  onResults?(results: T[]): void
}

const progressLine = createProgressLine(process.stderr)
/** So many items of a plain loop go by between two looks at the clock. */
const STRIDE = 4096
const PAINT_MS = 100

/**
 * Does the work with all workers, with one, and without a pool; measures each.
 *
 * All workers go first, so that warm caches help the others and the speed-up is not flattered.
 *
 * @throws When two ways give different results.
 */
export async function compareWays<T>({ label, workers, pooled, plain, onResults }: Work<T>): Promise<Comparison> {
  const readOthers = watchOthers()
  const all = await measure(() => pooled(workers, `${label}, ${countWorkers(workers)}`))
  const { results, tickets } = all.value
  onResults?.(results)
  const one = workers === 1 ? all : await measure(() => pooled(1, `${label}, ${countWorkers(1)}`))
  const loop = await measure(() => showStep(`${label}, no pool`, () => plain(`${label}, no pool`)))
  for (const others of [one.value.results, loop.value]) {
    if (!isDeepStrictEqual(others, results)) throw new Error(`Results differ: ${label}`)
  }
  const times = { plainMs: loop.ms, oneWorkerMs: one.ms, allWorkersMs: all.ms }
  return { label, workers, tickets, ...times, parentShare: all.busyShare, othersShare: readOthers() }
}

/** Shows `label` as long as a step takes. */
export async function showStep<T>(label: string, step: () => T | Promise<T>): Promise<T> {
  progressLine.update(label)
  try {
    return await step()
  } finally {
    progressLine.clear()
  }
}

/** Loops over items in this thread; now and then shows its progress and lets the event loop have a turn. */
export async function loopOver<T>(
  items: Iterable<T>,
  total: number,
  label: string,
  use: (item: T) => void,
): Promise<void> {
  const start = performance.now()
  let paintedAt = start
  let done = 0
  for (const item of items) {
    use(item)
    done += 1
    if (done % STRIDE > 0 || performance.now() - paintedAt < PAINT_MS) continue
    paintedAt = performance.now()
    const itemsPerSecond = (1000 * done) / (paintedAt - start)
    const etaMs = (1000 * (total - done)) / itemsPerSecond
    progressLine.update(label, { done, total, percent: (100 * done) / total, itemsPerSecond, etaMs })
    // Without a turn of the event loop nothing is written, and Ctrl-C has to wait.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Collects the chunks of a stream and shows its pool's progress before `label`. */
export async function collectChunks<T>(
  pool: { on(event: 'progress', listener: (report: ProgressReport) => void): unknown },
  chunks: AsyncIterable<{ ticket: { serial: number }; items: readonly T[] }>,
  label: string,
): Promise<Run<T>> {
  let isOpen = true
  pool.on('progress', (report) => {
    if (isOpen) progressLine.update(label, report)
  })
  const run: Run<T> = { results: [], tickets: 0 }
  return showStep(label, async () => {
    try {
      for await (const { ticket, items } of chunks) {
        for (const item of items) run.results.push(item)
        run.tickets = Math.max(run.tickets, ticket.serial + 1)
      }
      return run
    } finally {
      isOpen = false
    }
  })
}

/** Puts the results of streams that ran one after another into one. */
export function joinRuns<T>(runs: Run<T>[]): Run<T> {
  const tickets = runs.reduce((sum, run) => sum + run.tickets, 0)
  return { results: runs.flatMap(({ results }) => results), tickets }
}

/** `1 worker`, `2 workers`. */
export function countWorkers(workers: number): string {
  return `${workers} worker${workers === 1 ? '' : 's'}`
}

async function measure<T>(action: () => T | Promise<T>): Promise<{ value: T; ms: number; busyShare: number }> {
  const start = performance.now()
  const before = performance.eventLoopUtilization()
  const value = await action()
  return { value, ms: performance.now() - start, busyShare: performance.eventLoopUtilization(before).utilization }
}
