import { formatAddress, listAddresses } from './address-table.ts'
import { cleanText } from './clean-text.ts'
import type { ProgramState, WorkerRow } from './control-messages.ts'

/** `4s`, `12m`, `3h 20m`, `5d 2h` */
export function formatTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h ${minutes % 60}m`
  return `${Math.floor(hours / 24)}d ${hours % 24}h`
}

function countReady(workers: readonly WorkerRow[]): string {
  const ready = workers.filter(({ state }) => state === 'ready' || state === 'replacing').length
  return `${ready}/${workers.length}`
}

/** Addresses of one range of ports are told in one piece. */
function summarizeAddresses({ addresses }: ProgramState): string {
  const all = listAddresses(addresses)
  return all.length <= 2 ? all.join(' ') : `${all[0]} ${all[1]} and ${all.length - 2} more`
}

/** Running programs, a line for each; the last column is cut to the width of a terminal. */
export function formatPrograms(programs: readonly ProgramState[], columns: number | undefined): string {
  const rows = programs.map((program) => [
    program.name,
    String(program.pid),
    countReady(program.workers),
    formatTime(program.uptimeMs),
    String(program.workers.reduce((sum, { restarts }) => sum + restarts, 0)),
    summarizeAddresses(program),
  ])
  return drawTable([['name', 'pid', 'ready', 'uptime', 'restarts', 'addresses'], ...rows], columns)
}

/** The workers of one program, a line for each. */
export function formatWorkers({ workers, addresses }: ProgramState, columns: number | undefined): string {
  const rows = workers.map((worker) => [
    worker.name,
    String(worker.pid),
    worker.state,
    String(worker.generation),
    String(worker.restarts),
    String(worker.requests),
    String(worker.connections),
    worker.lagMs === undefined ? '' : worker.lagMs.toFixed(0),
    worker.rssMb === undefined ? '' : worker.rssMb.toFixed(0),
    addresses
      .filter((row) => row.worker === worker.name)
      .map(formatAddress)
      .join(' '),
    worker.lastExit ?? '',
  ])
  const head = [
    'worker',
    'pid',
    'state',
    'life',
    'restarts',
    'requests',
    'open',
    'lag ms',
    'MB',
    'address',
    'last exit',
  ]
  return drawTable([head, ...rows], columns)
}

function drawTable(rows: readonly (readonly string[])[], columns: number | undefined): string {
  const clean = rows.map((row) => row.map((cell) => cleanText(cell).replaceAll('\n', ' ')))
  const widths = clean[0]!.map((_, column) => Math.max(...clean.map((row) => row[column]!.length)))
  return clean
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .map((line) =>
      columns === undefined || line.length < columns ? line : `${line.slice(0, Math.max(1, columns - 2))}…`,
    )
    .join('\n')
}
