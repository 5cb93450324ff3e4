/** What the menu knows: where the mark is, and what has been typed of a number. */
export type MenuState = { readonly marked: number; readonly typed: string }

/** What a key does: the menu goes on as `state`, an entry is chosen, or the menu is left. */
export type MenuStep =
  | { readonly kind: 'on'; readonly state: MenuState }
  | { readonly kind: 'chosen'; readonly index: number }
  | { readonly kind: 'left'; readonly exitCode: number }

/** A key as `node:readline` names it. */
export type Key = { readonly name?: string | undefined; readonly ctrl?: boolean | undefined }

const INTERRUPTED = 130

/**
 * What becomes of the menu when a key is pressed. Entries have the numbers 1 to `count`.
 *
 * A number is chosen as soon as no further digit could follow. One that could be the beginning of another is marked; it is
 * chosen by Enter, or by who calls this, when no digit has followed for a while ({@link chooseTyped}).
 */
export function press(state: MenuState, { name = '', ctrl = false }: Key, count: number): MenuStep {
  if (ctrl) return pressWithControl(state, name)
  if (/^\d$/.test(name)) return typeDigit(state, name, count)
  if (name === 'return' || name === 'enter' || name === 'space') return { kind: 'chosen', index: state.marked }
  if (name === 'q' || (name === 'escape' && state.typed === '')) return { kind: 'left', exitCode: 0 }
  const last = count - 1
  const marked = moveMark(state.marked, name, last)
  return { kind: 'on', state: { marked, typed: '' } }
}

/** Chooses the number typed so far. */
export function chooseTyped({ marked, typed }: MenuState): MenuStep {
  return typed === '' ? { kind: 'on', state: { marked, typed } } : { kind: 'chosen', index: marked }
}

function pressWithControl(state: MenuState, name: string): MenuStep {
  if (name === 'c') return { kind: 'left', exitCode: INTERRUPTED }
  if (name === 'd') return { kind: 'left', exitCode: 0 }
  return { kind: 'on', state }
}

function moveMark(marked: number, name: string, last: number): number {
  switch (name) {
    case 'up':
    case 'k':
      return marked === 0 ? last : marked - 1
    case 'down':
    case 'j':
    case 'tab':
      return marked === last ? 0 : marked + 1
    case 'home':
    case 'pageup':
      return 0
    case 'end':
    case 'pagedown':
      return last
    default:
      return marked
  }
}

/** A digit that makes no number of an entry begins a new number, if it can. */
function typeDigit(state: MenuState, digit: string, count: number): MenuStep {
  const typed = [state.typed + digit, digit].find((text) => Number(text) >= 1 && Number(text) <= count)
  if (typed === undefined) return { kind: 'on', state: { ...state, typed: '' } }
  const marked = Number(typed) - 1
  return Number(typed) * 10 > count ? { kind: 'chosen', index: marked } : { kind: 'on', state: { marked, typed } }
}
