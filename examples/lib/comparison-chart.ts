import { availableParallelism } from 'node:os'
import { styleText } from 'node:util'
import { countWorkers } from './comparison.ts'
import type { Comparison } from './comparison.ts'
import { formatNote, measureScreen, wrap } from './layout.ts'
import { BUSY_MACHINE } from './machine-use.ts'

const INDENT = 4
const SECONDS_WIDTH = 10
const SPEED_UP_WIDTH = '  speed-up 123.45 x'.length
/** Below this, the thread that feeds the workers cannot be what holds them up. */
const BUSY_PARENT = 0.8

/** Draws the times of a comparison as bars, and below them what a reader should know about them. */
export function formatComparison(comparison: Comparison, columns: number = measureScreen()): string {
  const { label, workers, tickets, parentShare, plainMs, oneWorkerMs, allWorkersMs } = comparison
  const speedUp = oneWorkerMs / allWorkersMs
  const colour = speedUp > 1 ? 'green' : 'yellow'
  const rows: { name: string; ms: number; remark?: string }[] = [
    { name: 'no pool', ms: plainMs },
    { name: countWorkers(1), ms: oneWorkerMs },
    ...(workers > 1
      ? [{ name: countWorkers(workers), ms: allWorkersMs, remark: `speed-up ${speedUp.toFixed(2)} x` }]
      : []),
  ]
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const barWidth = Math.max(2, columns - 1 - INDENT - nameWidth - SECONDS_WIDTH - 2 - SPEED_UP_WIDTH)
  const longest = Math.max(...rows.map(({ ms }) => ms))
  const bars = rows.map(({ name, ms, remark }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((barWidth * ms) / longest)))
    const row = ' '.repeat(INDENT) + name.padEnd(nameWidth) + formatSeconds(ms).padStart(SECONDS_WIDTH)
    if (remark === undefined) return `${row}  ${styleText('dim', bar)}`
    return `${row}  ${styleText(colour, bar.padEnd(barWidth))}  ${styleText(['bold', colour], remark)}`
  })
  const sent = tickets === 1 ? '1 ticket' : `${tickets.toLocaleString('en-US')} tickets`
  const head = wrap(`${label}: ${sent}, parent busy ${Math.round(100 * parentShare)} %`, 2, columns)
  return [head, ...bars, ...remarkOn(comparison).map((remark) => formatNote(remark, INDENT))].join('\n')
}

/** What more workers cannot win on this machine. */
export function remarkOnCores(workers: number, cores: number = availableParallelism()): string | undefined {
  if (cores === 1) return 'this machine has one core, so more workers cannot be faster here'
  if (workers === 1) return 'one worker was asked for, so there is nothing to compare it with'
  return workers > cores ? `${workers} workers share ${cores} cores` : undefined
}

function remarkOn({ allWorkersMs, plainMs, parentShare, othersShare = 0, workers }: Comparison): string[] {
  const remarks: string[] = []
  if (othersShare > BUSY_MACHINE) return []
  if (allWorkersMs > plainMs) remarks.push('a plain loop is faster: too little work for the cost of workers')
  if (workers > 1 && parentShare > BUSY_PARENT) remarks.push('the parent, which feeds the workers, holds them up')
  return remarks
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
