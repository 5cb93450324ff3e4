import { createReadStream } from 'node:fs'
import { EisenmpError } from '../errors.ts'
import { showValue } from '../options.ts'

/** After so many items of a source that never waits, others have their turn. */
const TURN_EVERY = 2 ** 16

/** A file: a path or a `file:` URL. */
export type FilePath = string | URL

/** Items one after the other. */
export type Items<Item> = Iterable<Item> | AsyncIterable<Item>

export function isFilePath(source: unknown): source is FilePath {
  return typeof source === 'string' || source instanceof URL
}

export function isIterable(source: unknown): source is Iterable<unknown> {
  return typeof source === 'object' && source !== null && Symbol.iterator in source
}

export function isAsyncIterable(source: unknown): source is AsyncIterable<unknown> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source
}

/** Whether it can be gone through once only. */
export function isOnce(source: unknown): boolean {
  if (isAsyncIterable(source)) return (source[Symbol.asyncIterator] as () => unknown).call(source) === source
  return isIterable(source) && (source as { next?: unknown }).next !== undefined
}

function takeTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Hands every item on, in order. */
export async function visitItems(source: Items<unknown>, visit: (item: unknown) => void): Promise<void> {
  if (isAsyncIterable(source)) {
    for await (const item of source) visit(item)
    return
  }
  let count = 0
  for (const item of source) {
    visit(item)
    count += 1
    if (count % TURN_EVERY === 0) await takeTurn()
  }
}

/** Hands on every line of a file in UTF-8 that is not empty, without its end. */
export async function visitLines(path: FilePath, visit: (line: string) => void): Promise<void> {
  let rest = ''
  const take = (line: string): void => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text !== '') visit(text)
  }
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 20 })) {
    const lines = (rest + (chunk as string)).split('\n')
    rest = lines.pop()!
    for (const line of lines) take(line)
  }
  take(rest)
}

/** What is said of an item of another kind. */
export function explainItem(what: string, expected: string, item: unknown): EisenmpError {
  return new EisenmpError('ERR_EISENMP_TOOL', `Cannot use ${what} as ${expected}: it is ${showValue(item)}`, { item })
}
