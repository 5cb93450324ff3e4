import type { Ticket } from '../errors.ts'

/** Whether a value is a chunk as `take` gives it. */
function isChunk(value: object): value is { readonly ticket: Ticket; readonly items: readonly unknown[] } {
  const { ticket, items } = value as { ticket?: unknown; items?: unknown }
  if (!Array.isArray(items) || typeof ticket !== 'object' || ticket === null) return false
  const { queue, serial } = ticket as Partial<Ticket>
  return typeof queue === 'string' && typeof serial === 'number' && Object.keys(value).length === 2
}

/** The items of what is put: an array is one chunk, a chunk is passed on, anything else is a chunk of one item. */
export function listItems(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given
  return typeof given === 'object' && given !== null && isChunk(given) ? given.items : [given]
}
