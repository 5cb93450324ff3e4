import type { ToolImage, ValuesImage } from '../protocol/tool-image.ts'
import { showValue } from '../options.ts'
import { GrowingNumbers } from './growing-numbers.ts'
import { HeapBuilder } from './heap-builder.ts'
import { KeyBuilder } from './key-builder.ts'
import { type FilePath, type Items, explainItem, isFilePath, visitItems, visitLines } from './read-source.ts'
import type { ToolMemory } from './tool-memory.ts'

/** A set of the words of a source, or of the lines of a file. */
export async function buildWords(source: FilePath | Items<unknown>, memory: ToolMemory): Promise<ToolImage> {
  const keys = new KeyBuilder(memory)
  let count = 0
  const take = (word: unknown): void => {
    if (typeof word !== 'string') throw explainItem(`word ${count}`, 'a string', word)
    keys.add(word)
    count += 1
  }
  if (isFilePath(source)) await visitLines(source, take)
  else await visitItems(source, take)
  return { kind: 'words', keys: keys.finish() }
}

type ValueKind = ValuesImage['kind']

function findKind(value: unknown): ValueKind | undefined {
  if (typeof value === 'string' || typeof value === 'number') return typeof value as ValueKind
  return value instanceof Uint8Array ? 'bytes' : undefined
}

/** Values by the place of their key; of values for the same key the last counts. */
class ValueBuilder {
  readonly #kind: ValueKind
  readonly #memory: ToolMemory
  readonly #heap: HeapBuilder
  readonly #numbers: GrowingNumbers<Float64Array>
  /** Where each value is, since the first that is not at the place of its key. */
  #places: GrowingNumbers<Uint32Array> | undefined
  #length = 0

  constructor(kind: ValueKind, memory: ToolMemory) {
    this.#kind = kind
    this.#memory = memory
    this.#heap = new HeapBuilder(memory)
    this.#numbers = new GrowingNumbers('float64', memory)
  }

  set(place: number, key: string, value: unknown): void {
    if (findKind(value) !== this.#kind)
      throw explainItem(`the value of key ${showValue(key)}`, toName(this.#kind), value)
    const isNew = place === this.#length
    if (isNew) this.#length += 1
    if (this.#kind === 'number') {
      if (isNew) this.#numbers.push(value as number)
      else this.#numbers.view[place] = value as number
      return
    }
    if (!isNew) this.#places ??= this.#countPlaces()
    if (this.#places !== undefined) {
      if (isNew) this.#places.push(this.#heap.length)
      else this.#places.view[place] = this.#heap.length
    }
    if (this.#kind === 'bytes') this.#heap.addBytes(value as Uint8Array)
    else this.#heap.addText(value as string)
  }

  #countPlaces(): GrowingNumbers<Uint32Array> {
    const places = new GrowingNumbers<Uint32Array>('uint32', this.#memory)
    for (let place = 0; place < this.#length; place++) places.push(place)
    return places
  }

  finish(): ValuesImage {
    if (this.#kind === 'number') return { kind: 'number', numbers: this.#numbers.finish() }
    return { kind: this.#kind, heap: this.#heap.finish(), places: this.#places?.finish() }
  }
}

function toName(kind: ValueKind): string {
  return kind === 'bytes' ? 'a Uint8Array, like the first' : `a ${kind}, like the first`
}

/** Values by key, of pairs, or of the lines of a file: key, separator, value. */
export async function buildTable(
  source: FilePath | Items<unknown>,
  separator: string,
  memory: ToolMemory,
): Promise<ToolImage> {
  const keys = new KeyBuilder(memory)
  let values: ValueBuilder | undefined
  const set = (key: string, value: unknown): void => {
    const kind = findKind(value)
    if (kind === undefined)
      throw explainItem(`the value of key ${showValue(key)}`, 'a string, number or Uint8Array', value)
    values ??= new ValueBuilder(kind, memory)
    values.set(keys.add(key), key, value)
  }
  if (isFilePath(source)) {
    await visitLines(source, (line) => {
      const at = line.indexOf(separator)
      if (at < 0) throw explainItem('a line', `key, ${showValue(separator)}, value`, line)
      set(line.slice(0, at), line.slice(at + separator.length))
    })
  } else {
    await visitItems(source, (entry) => {
      if (!Array.isArray(entry) || entry.length !== 2) throw explainItem('an entry', 'a pair of key and value', entry)
      const [key, value] = entry as unknown[]
      if (typeof key !== 'string') throw explainItem('a key', 'a string', key)
      set(key, value)
    })
  }
  return { kind: 'table', keys: keys.finish(), values: (values ?? new ValueBuilder('string', memory)).finish() }
}
