import { styleText } from 'node:util'

/** What a pool says about its progress; `total`, `percent` and `etaMs` only when the length of the source is known. */
export type ProgressReport = {
  done: number
  total?: number | undefined
  percent?: number | undefined
  itemsPerSecond?: number | undefined
  etaMs?: number | undefined
}

/** Shows progress on a stream: one line painted again and again on a terminal, a plain line now and then elsewhere. */
export type ProgressLine = {
  /** Shows `report` before `label`, so that a narrow terminal cuts the label. */
  update(label: string, report?: ProgressReport): void
  /** Removes the painted line, so that something else can be printed. */
  clear(): void
}

/** The part of a writable stream that is used; `process.stderr` is one. */
export type ProgressStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number }

/** Surroundings that tests replace. */
export type ProgressLineOptions = {
  env?: NodeJS.ProcessEnv
  now?: () => number
  /** The least time between two plain lines with the same label. */
  plainIntervalMs?: number
}

/** To the painted line, and away with it and with what the terminal has echoed below it, such as `^C`. */
const CLEAR = '\u001b[1A\r\u001b[J'
const BAR_WIDTH = 16

/**
 * Creates a progress line on `stream`.
 *
 * Paints only on a terminal that can move its cursor (not with `TERM=dumb`, not in CI); what is painted is cut to the
 * terminal's width. `NO_COLOR` and `FORCE_COLOR` decide about colours. The cursor always waits below the painted line:
 * a program that is ended at any moment, by any signal, leaves a clean line.
 */
export function createProgressLine(stream: ProgressStream, options: ProgressLineOptions = {}): ProgressLine {
  const { env = process.env, now = () => performance.now(), plainIntervalMs = 3000 } = options
  const paints = stream.isTTY === true && env['TERM'] !== 'dumb' && !env['CI']
  let painted = false
  let plainLabel: string | undefined
  let nextPlainAt = -Infinity

  function clear(): void {
    if (painted) stream.write(CLEAR)
    painted = false
  }

  function update(label: string, report?: ProgressReport): void {
    if (paints) {
      const text = paint(label, report, stream.columns ?? 80)
      stream.write(`${painted ? CLEAR : ''}${styleText('dim', text, { stream })}\n`)
      painted = true
    } else if (label !== plainLabel || now() >= nextPlainAt) {
      plainLabel = label
      nextPlainAt = now() + plainIntervalMs
      stream.write(`${formatProgress(label, report)}\n`)
    }
  }

  return { update, clear }
}

/** Writes a report as one line of text; leaves out what is not known, and a time left that is but a guess. */
export function formatProgress(label: string, report?: ProgressReport): string {
  if (!report) return label
  const { done, percent, itemsPerSecond, etaMs } = report
  const parts = [percent === undefined ? `${count(done)} items` : `${Math.floor(percent)} %`.padStart(5)]
  if (itemsPerSecond !== undefined && done > 0) parts.push(`${count(itemsPerSecond)} items/s`)
  if (etaMs !== undefined && (percent ?? 0) >= 1) parts.push(`${Math.ceil(etaMs / 1000)} s left`)
  return [...parts, label].join('  ')
}

/** A line for a terminal, with a bar where there is room; one that fills the last column would wrap on some. */
function paint(label: string, report: ProgressReport | undefined, columns: number): string {
  const text = `  ${formatProgress(label, report)}`
  const fits = text.length + BAR_WIDTH < columns - 1
  const whole = report?.percent === undefined || !fits ? text : `  ${formatBar(report.percent)} ${text.slice(2)}`
  return whole.slice(0, Math.max(0, columns - 1))
}

function formatBar(percent: number): string {
  const filled = Math.round((BAR_WIDTH * Math.min(100, percent)) / 100)
  return '━'.repeat(filled) + '─'.repeat(BAR_WIDTH - filled)
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 })
}
