// Taken before user code can replace it.
const readHrtime = process.hrtime

/** The system's monotonic clock in ms: the same in all processes of a machine, so that a parent can compare. */
export function readClock(): number {
  const [seconds, nanoseconds] = readHrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
