// The tasks of all pools: plain functions of one item. What they do wrong is named by their name.
import { pbkdf2Sync } from 'node:crypto'
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** An item that leaves a trace: one line per execution in the case's folder. */
interface TracedItem {
  label: string
  value: number
}

class OrderError extends TypeError {
  code: string
  order: { id: number; lines: string[] }

  constructor(message: string, options: ErrorOptions) {
    super(message, options)
    this.code = 'ERR_ORDER'
    this.order = { id: 42, lines: ['a', 'b'] }
  }
}

const folder = process.env['EISENMP_BENCH_FOLDER'] ?? '.'

function trace(label: string): void {
  appendFileSync(join(folder, 'executions'), `${label}\n`)
}

/** True for the first caller on this machine, whichever worker it is in. */
function isFirst(name: string): boolean {
  try {
    closeSync(openSync(join(folder, name), 'wx'))
    return true
  } catch {
    return false
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

export function echo(item: TracedItem): number {
  trace(item.label)
  return item.value
}

export async function exit(item: { code: number }): Promise<string> {
  trace('in-flight')
  await delay(50)
  process.exit(item.code)
}

export async function killItself(): Promise<string> {
  trace('in-flight')
  await delay(50)
  process.kill(process.pid, 'SIGKILL')
  await delay(60_000)
  return 'survived'
}

export async function throwInTimer(): Promise<string> {
  trace('in-flight')
  setTimeout(() => {
    throw new Error('thrown in a timer')
  }, 50)
  await delay(600)
  return 'finished'
}

export async function rejectUnhandled(): Promise<string> {
  trace('in-flight')
  void Promise.reject(new Error('rejected by nobody'))
  await delay(600)
  return 'finished'
}

export async function fillHeap(): Promise<string> {
  trace('in-flight')
  await delay(50)
  const kept: unknown[] = []
  for (let i = 0; ; i++) kept.push({ i, text: `${i}`, list: [i, i + 1, i + 2] })
}

export async function fillMap(): Promise<string> {
  trace('in-flight')
  await delay(50)
  const kept = new Map<number, number>()
  for (let i = 0; ; i++) kept.set(i, i)
}

export async function blockNatively(): Promise<string> {
  trace('in-flight')
  await delay(50)
  pbkdf2Sync('a', 'b', 100_000_000, 64, 'sha512')
  return 'survived'
}

export async function spin(): Promise<string> {
  trace('in-flight')
  await delay(50)
  for (;;);
}

/** Busy for a given time without ever returning to the event loop. */
export function spinFor(item: { label: string; ms: number }): string {
  trace(item.label)
  const end = Date.now() + item.ms
  while (Date.now() < end);
  return 'spun'
}

export function returnFunction(): unknown {
  trace('in-flight')
  return { total: 3, format: () => 'three' }
}

export function nest(item: { depth: number }): unknown {
  trace('in-flight')
  let value: unknown = 'bottom'
  for (let i = 0; i < item.depth; i++) value = { inner: value }
  return value
}

export function roundTrip(item: unknown): unknown {
  return item
}

/** Says what the worker saw of an item that could not have been sent whole. */
export function inspectInput(item: unknown): string {
  trace('in-flight')
  return `worker saw ${JSON.stringify(item)}`
}

export function throwSubclass(): never {
  throw new OrderError('order refused', { cause: new RangeError('no stock') })
}

export function throwText(): never {
  throw 'only a text'
}

export async function squareOrDie(item: { n: number; dieAt: number }): Promise<number> {
  if (item.n === item.dieAt && isFirst('died-once')) process.exit(7)
  return item.n * item.n
}

// The drivers of the pools know this module only.
export { giveBuffer, takeBuffer, work, workMany } from '../../speed/work.ts'
