import type { ReadBytes } from './zip-reader.ts'

/** Asks a server how long a file is. */
export async function measureUrl(url: string): Promise<number> {
  const { ok, status, headers } = await fetch(url, { method: 'HEAD' })
  if (!ok) throw new Error(`Cannot read ${url}: the server answered ${status}`)
  return Number(headers.get('content-length'))
}

/** Reads parts of a file on a server, one request for each. */
export function readUrl(url: string, signal?: AbortSignal): ReadBytes {
  return async (start, end) => {
    if (end <= start) return Buffer.alloc(0)
    const response = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` }, signal: signal ?? null })
    if (response.status !== 206) throw new Error(`Cannot read a part of ${url}: the server answered ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  }
}
