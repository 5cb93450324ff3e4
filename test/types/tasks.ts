import type { Toolbox } from 'eisenmp'

/** What the type tests take for a worker module: only its types matter. */
export interface Row {
  readonly id: number
  readonly name: string
}

export const limit = 10
export class Account {
  readonly owner = 'a'
}

export const isOdd = (n: number): boolean => n % 2 === 1
export const isOddLater = async (n: number): Promise<boolean> => n % 2 === 1
export const double = (n: number): number => n * 2
export const toText = (n: number): string => `${n}`
export const lengthOf = async (text: string, _toolbox: Toolbox): Promise<number> => text.length
export const add = (a: number, b: number): number => a + b
export const addLater = async (a: number, b: number, _toolbox: Toolbox): Promise<number> => a + b
export const join = (a: string, b: string): string => a + b
export const addRow = (sum: number, row: Row): number => sum + row.id
export const maximum = (...values: number[]): number => Math.max(...values)
export const power = (n: number, exponent?: number): number => n ** (exponent ?? 2)
export const letters = (text: string): string[] => text.split('')
export const shout = (text: string): string => text.toUpperCase()
export function* countTo(n: number): Generator<number, void, undefined> {
  for (let i = 0; i < n; i++) yield i
}
export async function* pages(url: URL): AsyncGenerator<Row, void, undefined> {
  yield { id: 1, name: url.href }
}
export const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b)
export const sortedTexts = async (all: string[], _toolbox: Toolbox<{ locale: string }>): Promise<readonly string[]> =>
  all
export const total = (all: number[]): number => all.length
export const identity = <T>(item: T): T => item
export const idOf = <T extends { readonly id: number }>(item: T): T['id'] => item.id
export const either = (value: string | number): string | number => value
export const now = (): number => Date.now()
export const pick = (n = 3): number => n
export const greet = (name?: string): string => `hello ${name}`
export const aware = (n: number, { signal }: Pick<Toolbox, 'signal'>): number => (signal.aborted ? 0 : n)
export const squared = ((n) => n * n) satisfies (n: number) => number
// oxlint-disable-next-line typescript/no-explicit-any -- users' modules have such
export const loose = (item: any): any => item
// oxlint-disable-next-line typescript/no-explicit-any -- users' modules have such
export const looseToolbox = (n: number, _toolbox: any): number => n
export function overloaded(value: string): string
export function overloaded(value: number): number
export function overloaded(value: number | string): number | string {
  return value
}
