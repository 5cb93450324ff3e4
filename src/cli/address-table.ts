import type { AddressRow } from './control-messages.ts'

/** What stands in one line: workers that share an address, or one worker and its own. */
type Line = { readonly workers: string; readonly address: string; readonly cores: string }

/** `127.0.0.1:80`, `[::1]:80` */
export function formatAddress({ address, port }: Pick<AddressRow, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Each address once, in the order of the workers. */
export function listAddresses(rows: readonly AddressRow[]): string[] {
  return [...new Set(rows.map(formatAddress))]
}

function toLines(rows: readonly AddressRow[]): Line[] {
  const lines = new Map<string, { names: string[]; address: string; cores: string }>()
  for (const row of rows) {
    const address = formatAddress(row)
    const key = `${row.group} ${address} ${row.cores}`
    const line = lines.get(key)
    if (line === undefined) lines.set(key, { names: [row.worker], address, cores: row.cores })
    else line.names.push(row.worker)
  }
  return [...lines.values()].map(({ names, address, cores }) => ({ workers: joinNames(names), address, cores }))
}

/** `red-0`, `red-0, red-1`, `red-0 to red-5` */
function joinNames(names: readonly string[]): string {
  return names.length > 2 ? `${names[0]} to ${names.at(-1)}` : names.join(', ')
}

/**
 * Which workers listen where, a line for each address; on a narrow terminal two lines, and cores only where they are said.
 *
 * @param columns - Width of the terminal; `undefined`: there is none.
 */
export function formatAddresses(rows: readonly AddressRow[], columns: number | undefined): string {
  const lines = toLines(rows)
  const hasCores = lines.some(({ cores }) => cores !== 'all')
  const head: Line = { workers: 'workers', address: 'address', cores: 'cores' }
  const widths = {
    workers: Math.max(...[head, ...lines].map(({ workers }) => workers.length)),
    address: Math.max(...[head, ...lines].map(({ address }) => address.length)),
  }
  const draw = ({ workers, address, cores }: Line): string => {
    const line = `  ${workers.padEnd(widths.workers)}  ${address.padEnd(widths.address)}  ${hasCores ? cores : ''}`
    return line.trimEnd()
  }
  const wide = [head, ...lines].map(draw)
  if (columns === undefined || wide.every((line) => line.length < columns)) return wide.join('\n')
  return lines
    .flatMap(({ workers, address, cores }) => [
      ...wrap(address, columns),
      ...wrap(hasCores ? `  ${workers}, cores ${cores}` : `  ${workers}`, columns),
    ])
    .join('\n')
}

/** An address that is cut is of no use: it goes on in the next line. */
function wrap(text: string, columns: number): string[] {
  const width = Math.max(8, columns - 1)
  return Array.from({ length: Math.ceil(text.length / width) }, (_, i) => text.slice(i * width, (i + 1) * width))
}
