import { writeSync } from 'node:fs'

const stuck = new Set<object>()

function endBySignal(code: number): void {
  const word = stuck.size === 1 ? 'a worker thread is' : `${stuck.size} worker threads are`
  try {
    writeSync(
      2,
      `eisenmp: ${word} blocked outside JavaScript; ending by SIGKILL, the exit code would have been ${code}\n`,
    )
  } catch {
    // Nobody reads any more.
  }
  process.kill(process.pid, 'SIGKILL')
}

/**
 * Lets the program end although a thread cannot be stopped.
 *
 * Node waits for every thread at its end, so `process.exit()` and the natural end would hang for as long as the native
 * call does; only a signal works (measured on Node 22, 24 and 26).
 */
export function endProgramDespite(thread: object & { once(event: 'exit', listener: () => void): unknown }): void {
  if (stuck.size === 0) process.on('exit', endBySignal)
  stuck.add(thread)
  thread.once('exit', () => {
    stuck.delete(thread)
    if (stuck.size === 0) process.off('exit', endBySignal)
  })
}
