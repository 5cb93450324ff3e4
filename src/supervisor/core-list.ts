/** Reads core numbers as Linux writes them: `0-3,8,10-11`. `undefined` when it is something else. */
export function parseCoreList(text: string): number[] | undefined {
  const cores: number[] = []
  for (const part of text.trim().split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (match === null) return undefined
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    for (let core = first; core <= last; core++) cores.push(core)
  }
  return cores
}

/** The same, the other way: `[0, 1, 2, 3, 8]` is `0-3,8`. */
export function formatCoreList(cores: readonly number[]): string {
  const parts: string[] = []
  const sorted = [...cores].sort((a, b) => a - b)
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i]!
    while (sorted[i + 1] === sorted[i]! + 1) i += 1
    parts.push(first === sorted[i] ? String(first) : `${first}-${sorted[i]}`)
  }
  return parts.join(',')
}
