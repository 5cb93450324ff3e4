import { emitKeypressEvents } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import { drawMenu } from './menu-lines.ts'
import type { MenuEntry } from './menu-lines.ts'
import { chooseTyped, press } from './menu-state.ts'
import type { Key, MenuState, MenuStep } from './menu-state.ts'

/** The second screen of the terminal, without a cursor: what was on the first is there again afterwards. */
const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const CLEAR = '\u001b[H\u001b[2J'
/** So long a number that could go on waits for its next digit. */
const TYPING_MS = 800

/** How the menu ended. */
export type MenuEnd = Exclude<MenuStep, { kind: 'on' }>

/**
 * Shows a menu on a terminal until an entry is chosen or the menu is left.
 *
 * Painted on a screen of its own, anew at each key and each change of the size. However it ends, also by SIGTERM or
 * SIGHUP, the terminal is as it was: no raw mode, no hidden cursor, no listener.
 */
export function showMenu(entries: readonly MenuEntry[], input: ReadStream, output: WriteStream): Promise<MenuEnd> {
  const { promise, resolve } = Promise.withResolvers<MenuEnd>()
  let state: MenuState = { marked: 0, typed: '' }
  let timer: NodeJS.Timeout | undefined

  const paint = (): void => {
    const size = { columns: output.columns || 80, rows: output.rows || 24 }
    output.write(CLEAR + drawMenu(entries, state, size).join('\r\n'))
  }
  const take = (step: MenuStep): void => {
    clearTimeout(timer)
    if (step.kind !== 'on') return end(step)
    state = step.state
    if (state.typed !== '') timer = setTimeout(() => take(chooseTyped(state)), TYPING_MS)
    paint()
  }
  // A letter that readline does not name, such as a digit of some keyboards, comes as text only.
  const onKey = (text: string | undefined, key: Key): void => {
    take(press(state, { ...key, name: key.name ?? text }, entries.length))
  }
  const onEnd = (): void => end({ kind: 'left', exitCode: 0 })
  const onTerminate = (): void => end({ kind: 'left', exitCode: 143 })
  const onHangUp = (): void => end({ kind: 'left', exitCode: 129 })
  const onInterrupt = (): void => end({ kind: 'left', exitCode: 130 })

  function end(outcome: MenuEnd): void {
    clearTimeout(timer)
    input.off('keypress', onKey).off('end', onEnd)
    output.off('resize', paint)
    process.off('SIGTERM', onTerminate).off('SIGHUP', onHangUp).off('SIGINT', onInterrupt)
    input.setRawMode(false)
    input.pause()
    output.write(LEAVE)
    resolve(outcome)
  }

  emitKeypressEvents(input)
  input.setRawMode(true)
  input.on('keypress', onKey).on('end', onEnd).resume()
  output.on('resize', paint)
  process.on('SIGTERM', onTerminate).on('SIGHUP', onHangUp).on('SIGINT', onInterrupt)
  output.write(ENTER)
  paint()
  return promise
}
