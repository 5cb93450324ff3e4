// What a worker does with the table: it looks up. The table is the same memory in every worker.
import type { KeyTable, Toolbox } from 'eisenmp'

type Tools = { rainbow: KeyTable }

/** The word that has this hash, if it is in the table. */
export function findWord(hash: string, { tools }: Toolbox<unknown, unknown, Tools>): string | undefined {
  return tools.rainbow.get(hash)
}

export function countRows(_item: unknown, { tools }: Toolbox<unknown, unknown, Tools>): number {
  return tools.rainbow.size
}
