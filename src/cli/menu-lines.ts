import { styleText } from 'node:util'
import type { MenuState } from './menu-state.ts'

/** One line of the menu. */
export type MenuEntry = { readonly name: string; readonly text: string }

/** The size of a terminal, in characters. */
export type ScreenSize = { readonly columns: number; readonly rows: number }

/** Below this width the descriptions go, and the names stay. */
const DESCRIPTION_COLUMNS = 50
const title = 'eisenmp examples'

/**
 * Draws the menu: no line fills the last column, and no more lines than the screen has rows. When the entries are too many,
 * those around the mark are shown.
 */
export function drawMenu(entries: readonly MenuEntry[], state: MenuState, size: ScreenSize): string[] {
  const columns = Math.max(1, size.columns - 1)
  const hasFrame = size.rows >= 6
  const room = Math.max(1, size.rows - (hasFrame ? 5 : 1))
  const first = findFirst(state.marked, room, entries.length)
  const shown = entries.slice(first, first + room)
  const lines = shown.map((entry, i) => drawEntry(entry, first + i, { state, entries, columns }))
  if (!hasFrame) return lines
  const more = shown.length < entries.length ? `${first + 1} to ${first + shown.length} of ${entries.length}` : ''
  const keys =
    columns < DESCRIPTION_COLUMNS ? 'Enter runs it, q leaves' : 'up, down or a number; Enter runs it, q leaves'
  const hint = state.typed === '' ? keys : `number ${state.typed}`
  return [
    styleText('bold', cut(title, columns)),
    '',
    ...lines,
    '',
    styleText('dim', cut([hint, more].filter(Boolean).join('; '), columns)),
  ]
}

function findFirst(marked: number, room: number, count: number): number {
  return Math.max(0, Math.min(count - room, marked - Math.floor(room / 2)))
}

type Drawing = { readonly state: MenuState; readonly entries: readonly MenuEntry[]; readonly columns: number }

function drawEntry({ name, text }: MenuEntry, index: number, { state, entries, columns }: Drawing): string {
  const isMarked = index === state.marked
  const digits = String(entries.length).length
  const nameWidth = Math.max(...entries.map((entry) => entry.name.length))
  const head = `${isMarked ? '>' : ' '} ${String(index + 1).padStart(digits)}  ${name.padEnd(nameWidth)}`
  const line = columns < DESCRIPTION_COLUMNS ? cut(head.trimEnd(), columns) : cut(`${head}  ${text}`, columns)
  // The mark is a character too: who sees no colours must see it.
  return isMarked ? styleText(['bold', 'cyan'], line) : line
}

function cut(text: string, columns: number): string {
  if (text.length <= columns) return text
  return columns > 1 ? `${text.slice(0, columns - 1).trimEnd()}…` : text.slice(0, columns)
}
