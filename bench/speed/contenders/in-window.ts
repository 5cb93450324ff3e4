/** Calls with so many open at a time, so that workers never wait for the one who calls. */
export async function inWindow<T>(source: Iterable<T>, ahead: number, call: (item: T) => Promise<void>): Promise<void> {
  const iterator = source[Symbol.iterator]()
  const take = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await call(next.value)
  }
  await Promise.all(Array.from({ length: ahead }, take))
}
