import { EisenmpError } from '../errors.ts'
import type { ColumnImage, ToolImage } from '../protocol/tool-image.ts'
import { buildNumbers } from './build-numbers.ts'
import { GrowingNumbers } from './growing-numbers.ts'
import { HeapBuilder } from './heap-builder.ts'
import { type TypedArray, findType } from './number-types.ts'
import { type Items, explainItem, visitItems } from './read-source.ts'
import type { ToolMemory } from './tool-memory.ts'

/** A column that is there: numbers, or strings. */
export type ColumnData = TypedArray | readonly string[]

async function buildColumn(name: string, data: ColumnData, memory: ToolMemory): Promise<ColumnImage> {
  if (ArrayBuffer.isView(data)) {
    return { kind: 'numbers', numbers: await buildNumbers(findType(data)!, data, memory) }
  }
  const heap = new HeapBuilder(memory)
  await visitItems(data, (text) => {
    if (typeof text !== 'string') throw explainItem(`member ${heap.length} of column '${name}'`, 'a string', text)
    heap.addText(text)
  })
  return { kind: 'strings', heap: heap.finish() }
}

/** Columns that are there already. */
export async function buildColumns(data: Readonly<Record<string, ColumnData>>, memory: ToolMemory): Promise<ToolImage> {
  const columns: (readonly [string, ColumnImage])[] = []
  const length = Object.values(data)[0]?.length ?? 0
  for (const [name, column] of Object.entries(data)) {
    if (column.length !== length) {
      const text = `Cannot use column '${name}' beside columns of ${length} rows: it has ${column.length}`
      throw new EisenmpError('ERR_EISENMP_TOOL', `${text}; give columns of one length`)
    }
    columns.push([name, await buildColumn(name, column, memory)])
  }
  return { kind: 'columns', length, columns }
}

function createAppender(
  name: string,
  type: unknown,
  memory: ToolMemory,
): { add(value: unknown, row: number): void; finish(): ColumnImage } {
  const numberType = findType(type)
  if (numberType === undefined) {
    const heap = new HeapBuilder(memory)
    return {
      add(value, row) {
        if (typeof value !== 'string') throw explainItem(`column '${name}' of row ${row}`, 'a string', value)
        heap.addText(value)
      },
      finish: () => ({ kind: 'strings', heap: heap.finish() }),
    }
  }
  const numbers = new GrowingNumbers(numberType, memory)
  const wanted = numberType.startsWith('big') ? 'bigint' : 'number'
  return {
    add(value, row) {
      if (typeof value !== wanted) throw explainItem(`column '${name}' of row ${row}`, `a ${wanted}`, value)
      numbers.push(value as never)
    },
    finish: () => ({ kind: 'numbers', numbers: numbers.finish() }),
  }
}

/** Columns of rows, which are objects with a member for each column. */
export async function buildColumnsOfRows(
  types: Readonly<Record<string, unknown>>,
  rows: Items<unknown>,
  memory: ToolMemory,
): Promise<ToolImage> {
  const appenders = Object.entries(types).map(([name, type]) => ({ name, ...createAppender(name, type, memory) }))
  let length = 0
  await visitItems(rows, (row) => {
    if (typeof row !== 'object' || row === null) throw explainItem(`row ${length}`, 'an object', row)
    for (const { name, add } of appenders) add((row as Record<string, unknown>)[name], length)
    length += 1
  })
  return { kind: 'columns', length, columns: appenders.map(({ name, finish }) => [name, finish()] as const) }
}
