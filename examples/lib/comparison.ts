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
  /** How much of the time with all workers the thread that feeds them was busy itself, from 0 to 1. */
  feederShare: number
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

const progressLine = createProgressLine(process.stderr)

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
  return {
    ...all.value,
    label,
    workers,
    plainMs: plain.ms,
    oneWorkerMs: one.ms,
    allWorkersMs: all.ms,
    feederShare: all.busyShare,
  }
}

/** Shows `label` as long as a step takes that has no progress to report. */
export async function showStep<T>(label: string, step: () => T | Promise<T>): Promise<T> {
  progressLine.update(label)
  try {
    return await step()
  } finally {
    progressLine.clear()
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
    progressLine.clear()
  }
  process.once('SIGINT', stopPainting)
  pool.on('progress', (report) => {
    if (isOpen) progressLine.update(label, report)
  })
  progressLine.update(label)
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
  const table = [head, ...rows].map((row) => (workers === 1 ? row.slice(0, 4) : row))
  const remarks = [...remarkOnWorkers(workers), ...remarkOnTimes(comparisons)]
  return [...alignColumns(table), ...remarks.map((remark) => `note: ${remark}`)].map((line) => `  ${line}`).join('\n')
}

function remarkOnWorkers(workers: number): string[] {
  const cores = availableParallelism()
  if (cores === 1) return ['this machine has one core, so more workers cannot be faster here']
  if (workers === 1) return ['one worker was asked for, so there is nothing to compare it with']
  return workers > cores ? [`${workers} workers share ${cores} cores`] : []
}

function remarkOnTimes(comparisons: Comparison<unknown>[]): string[] {
  const remarks: string[] = []
  for (const { label, plainMs, allWorkersMs, feederShare, workers } of comparisons) {
    if (allWorkersMs > plainMs)
      remarks.push(`${label}: a plain loop is faster, starting and feeding workers costs more than it saves`)
    if (workers > 1 && feederShare > 0.8) {
      remarks.push(
        `${label}: the thread that feeds the workers was busy ${Math.round(feederShare * 100)} % of the time`,
      )
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

async function measure<T>(action: () => T | Promise<T>): Promise<{ value: T; ms: number; busyShare: number }> {
  const start = performance.now()
  const before = performance.eventLoopUtilization()
  const value = await action()
  return { value, ms: performance.now() - start, busyShare: performance.eventLoopUtilization(before).utilization }
}
