import { availableParallelism } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { createProgressLine } from './progress-line.ts'
import type { ProgressReport } from './progress-line.ts'

/** What a stream gave: its results in order, and how many tickets its chunks had. */
export type Run<T> = { results: T[]; tickets: number }

/** The same work done three times; times include starting and ending the workers. */
export type Comparison<T> = Run<T> & {
  label: string
  workers: number
  plainMs: number
  oneWorkerMs: number
  allWorkersMs: number
}

/** One piece of work in two forms. */
export type Work<T> = {
  label: string
  workers: number
  /** Does the work in a plain loop of this thread. */
  plain(): T[] | Promise<T[]>
  /** Does the work with a pool of so many workers. */
  pooled(workers: number, label: string): Promise<Run<T>>
}

const line = createProgressLine(process.stderr)

/**
 * Does the work with all workers, with one, and without a pool; measures each.
 *
 * All workers go first, so that warm caches help the others and the speed-up is not flattered.
 *
 * @throws When two ways give different results.
 */
export async function compareWays<T>(work: Work<T>): Promise<Comparison<T>> {
  const { label, workers } = work
  const all = await measure(() => work.pooled(workers, `${label}, ${countWorkers(workers)}`))
  const one = workers === 1 ? all : await measure(() => work.pooled(1, `${label}, ${countWorkers(1)}`))
  const plain = await measure(() => showStep(`${label}, no pool`, work.plain))
  for (const results of [one.value.results, plain.value]) {
    if (!isDeepStrictEqual(results, all.value.results)) throw new Error(`Results differ: ${label}`)
  }
  return { ...all.value, label, workers, plainMs: plain.ms, oneWorkerMs: one.ms, allWorkersMs: all.ms }
}

/** Shows `label` as long as a step takes that has no progress to report. */
export async function showStep<T>(label: string, step: () => T | Promise<T>): Promise<T> {
  line.update(label)
  try {
    return await step()
  } finally {
    line.clear()
  }
}

/** Collects the chunks of a stream and shows its pool's progress after `label`. */
export async function collectChunks<T>(
  pool: { on(event: 'progress', listener: (report: ProgressReport) => void): unknown },
  chunks: AsyncIterable<{ ticket: { serial: number }; items: T[] }>,
  label: string,
): Promise<Run<T>> {
  let isOpen = true
  const stopPainting = () => {
    isOpen = false
    line.clear()
  }
  process.once('SIGINT', stopPainting)
  pool.on('progress', (report) => {
    if (isOpen) line.update(label, report)
  })
  line.update(label)
  const run: Run<T> = { results: [], tickets: 0 }
  try {
    for await (const { ticket, items } of chunks) {
      for (const item of items) run.results.push(item)
      run.tickets = Math.max(run.tickets, ticket.serial + 1)
    }
    return run
  } finally {
    stopPainting()
    process.off('SIGINT', stopPainting)
  }
}

/** Writes comparisons as a table, and below it what a reader should know about them. */
export function formatComparisons(comparisons: Comparison<unknown>[]): string {
  const workers = comparisons[0]?.workers ?? 1
  const head = ['', 'tickets', 'no pool', '1 worker', countWorkers(workers), 'speed-up']
  const rows = comparisons.map((one) => [
    one.label,
    one.tickets.toLocaleString('en-US'),
    formatSeconds(one.plainMs),
    formatSeconds(one.oneWorkerMs),
    formatSeconds(one.allWorkersMs),
    `${(one.oneWorkerMs / one.allWorkersMs).toFixed(2)} x`,
  ])
  const table = [head, ...rows].map((row) => (workers === 1 ? [...row.slice(0, 3), row[4]!] : row))
  return [...alignColumns(table), ...remarkOn(comparisons).map((remark) => `  note: ${remark}`)].join('\n')
}

function remarkOn(comparisons: Comparison<unknown>[]): string[] {
  const cores = availableParallelism()
  const workers = comparisons[0]?.workers ?? 1
  const remarks: string[] = []
  if (cores === 1) remarks.push('this machine has one core: more workers cannot be faster here')
  else if (workers === 1) remarks.push('one worker was asked for: there is nothing to compare it with')
  else if (workers > cores) remarks.push(`${workers} workers share ${cores} cores`)
  for (const { label, plainMs, oneWorkerMs, allWorkersMs } of comparisons) {
    if (allWorkersMs > plainMs) remarks.push(`${label}: a plain loop is faster; this work is too small to be sent away`)
    else if (workers > 1 && oneWorkerMs < 1.2 * allWorkersMs) {
      remarks.push(`${label}: more workers hardly help; the thread that feeds them is the bottleneck`)
    }
  }
  return remarks
}

function alignColumns(table: string[][]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]! + 2))).join(''),
  )
}

function countWorkers(workers: number): string {
  return `${workers} worker${workers === 1 ? '' : 's'}`
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

async function measure<T>(action: () => T | Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now()
  const value = await action()
  return { value, ms: performance.now() - start }
}
