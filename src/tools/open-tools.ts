import type {
  HeapImage,
  KeysImage,
  NumbersImage,
  SharedTool,
  SharedTools,
  ValuesImage,
} from '../protocol/tool-image.ts'
import { viewNumbers } from './number-types.ts'
import { OpenedHeap } from './opened-heap.ts'
import { FileKeys, type KeyIndex, MemoryKeys } from './opened-keys.ts'
import { OpenedColumns, OpenedTable, OpenedWords } from './opened-tools.ts'
import { PageStore } from './page-store.ts'
import { PagedNumbers } from './paged-numbers.ts'
import type { NumberList, StringList, TableValue } from './tool-types.ts'

function openNumbers(image: NumbersImage, store: PageStore | undefined): NumberList<never> {
  const view = viewNumbers(image)
  if (view !== undefined) return view as unknown as NumberList<never>
  return new PagedNumbers(store!, image as Extract<NumbersImage, { readonly firstPage: number }>)
}

function openHeap({ length, bytes, offsets }: HeapImage, store: PageStore | undefined): OpenedHeap {
  return new OpenedHeap(length, openNumbers(bytes, store), openNumbers(offsets, store))
}

function openKeys(image: KeysImage, store: PageStore | undefined): KeyIndex {
  if (!('heap' in image)) return new FileKeys(store!, image)
  const heap = openHeap(image.heap, store)
  const bytes = viewNumbers(image.heap.bytes) as Uint8Array
  const offsets = viewNumbers(image.heap.offsets) as Float64Array
  const slots = viewNumbers(image.slots) as Uint32Array
  return new MemoryKeys({ size: image.size, seed: image.seed, heap, bytes, offsets, slots })
}

function openValues(image: ValuesImage, store: PageStore | undefined): (place: number) => TableValue {
  if (image.kind === 'number') {
    const numbers: NumberList = openNumbers(image.numbers, store)
    return (place) => numbers.at(place)!
  }
  const heap = openHeap(image.heap, store)
  const places: NumberList | undefined = image.places === undefined ? undefined : openNumbers(image.places, store)
  const find = (place: number): number => (places === undefined ? place : places.at(place)!)
  return image.kind === 'bytes' ? (place) => heap.bytesAt(find(place)) : (place) => heap.textAt(find(place))
}

function openTool({ image, file }: SharedTool): unknown {
  const store = file === undefined ? undefined : new PageStore(file)
  switch (image.kind) {
    case 'numbers':
      return openNumbers(image.numbers, store)
    case 'words':
      return new OpenedWords(openKeys(image.keys, store))
    case 'table':
      return new OpenedTable(openKeys(image.keys, store), openValues(image.values, store))
    case 'columns': {
      const columns: Record<string, NumberList<never> | StringList> = Object.create(null)
      for (const [name, column] of image.columns) {
        columns[name] = column.kind === 'numbers' ? openNumbers(column.numbers, store) : openHeap(column.heap, store)
      }
      return new OpenedColumns(image.length, columns)
    }
    default:
      throw new TypeError('Cannot open a tool of another kind')
  }
}

/** The worker's side: every tool is opened when it is asked for the first time. */
export function openTools(shared: SharedTools): Readonly<Record<string, unknown>> {
  const tools = Object.create(null) as Record<string, unknown>
  for (const [name, tool] of Object.entries(shared)) {
    let opened: unknown
    Object.defineProperty(tools, name, { enumerable: true, get: () => (opened ??= openTool(tool)) })
  }
  return Object.freeze(tools)
}
