import type { KeyIndex } from './opened-keys.ts'
import type { ColumnTable, KeyTable, NumberList, StringList, TableValue, WordSet } from './tool-types.ts'

/** Keys without values. */
export class OpenedWords implements WordSet {
  readonly #keys: KeyIndex

  constructor(keys: KeyIndex) {
    this.#keys = keys
  }

  get size(): number {
    return this.#keys.size
  }

  has(word: string): boolean {
    return typeof word === 'string' && this.#keys.find(word) >= 0
  }

  *[Symbol.iterator](): IterableIterator<string> {
    for (const [word] of this.#keys.list()) yield word
  }
}

/** Keys with values, which are found by the place of their key. */
export class OpenedTable<Value extends TableValue> implements KeyTable<Value> {
  readonly #keys: KeyIndex
  readonly #read: (place: number) => Value

  constructor(keys: KeyIndex, read: (place: number) => Value) {
    this.#keys = keys
    this.#read = read
  }

  get size(): number {
    return this.#keys.size
  }

  has(key: string): boolean {
    return typeof key === 'string' && this.#keys.find(key) >= 0
  }

  get(key: string): Value | undefined {
    const place = typeof key === 'string' ? this.#keys.find(key) : -1
    return place < 0 ? undefined : this.#read(place)
  }

  *keys(): IterableIterator<string> {
    for (const [key] of this.#keys.list()) yield key
  }

  *entries(): IterableIterator<[string, Value]> {
    for (const [key, place] of this.#keys.list()) yield [key, this.#read(place)]
  }

  [Symbol.iterator](): IterableIterator<[string, Value]> {
    return this.entries()
  }
}

type Column = NumberList<never> | StringList

/** Columns by name. */
export class OpenedColumns implements ColumnTable {
  readonly length: number
  readonly columns: Readonly<Record<string, Column>>

  constructor(length: number, columns: Readonly<Record<string, Column>>) {
    this.length = length
    this.columns = Object.freeze(columns)
  }

  row(index: number): Record<string, string & number> | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined
    const entries = Object.entries(this.columns).map(([name, column]) => [name, column.at(index)])
    return Object.fromEntries(entries) as Record<string, string & number>
  }
}
