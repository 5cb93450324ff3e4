type ReadHrtime = () => [number, number]

// Taken before user code can replace it.
const readHrtime = (globalThis as { process?: { hrtime?: ReadHrtime } }).process?.hrtime

/**
 * A monotonic clock in ms. On Node it is the system's, the same in all processes of a machine, so that a parent can
 * compare what a worker has noted; in a browser the same in all workers of a page.
 */
export function readClock(): number {
  if (readHrtime === undefined) return performance.timeOrigin + performance.now()
  const [seconds, nanoseconds] = readHrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
