// The best wrapper we could write by hand around a pool that runs single tasks: a window of calls in flight, results in
// order, a retry after every failure (a crash cannot be told from another error in most pools), the source closed on an
// early end. It stands in for what the pool lacks, so a pool that passes with it passes with this file's help.

/** Runs one item. */
export type RunItem = (item: unknown) => Promise<unknown>

async function runAgain(run: RunItem, item: unknown, retries: number): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run(item)
    } catch (error) {
      if (attempt === retries) throw error
    }
  }
}

/** Maps a source through single calls, in order, with at most `window` of them in flight. */
export async function* mapInWindow(
  run: RunItem,
  source: AsyncIterable<unknown>,
  options: { window: number; retries: number },
): AsyncGenerator {
  const iterator = source[Symbol.asyncIterator]()
  const pending: Promise<unknown>[] = []
  let ended = false
  const fill = async (): Promise<void> => {
    for (let free = options.window - pending.length; free > 0 && !ended; free--) {
      const next = await iterator.next()
      ended = next.done === true
      if (ended) return
      const result = runAgain(run, next.value, options.retries)
      // It is awaited later, in its turn; until then a rejection is not unhandled.
      result.catch(() => undefined)
      pending.push(result)
    }
  }
  try {
    for (;;) {
      await fill()
      const first = pending.shift()
      if (first === undefined) return
      yield await first
    }
  } finally {
    if (!ended) await iterator.return?.()
  }
}
