import { styleText } from 'node:util'
import { cleanText } from './clean-text.ts'

const colours = ['cyan', 'green', 'magenta', 'yellow', 'blue', 'cyanBright', 'greenBright', 'magentaBright'] as const

/** How lines of workers are shown. */
export type LogStyle = {
  /** Of the longest name of a worker. */
  readonly nameWidth: number
  readonly hasColors: boolean
  /** Control characters go through. */
  readonly isRaw: boolean
}

export type LogLine = { readonly worker: string; readonly index: number; readonly text: string }

/** A line of a worker with its name before it; one with a carriage return in it stays one line. */
export function formatLogLine({ worker, index, text }: LogLine, { nameWidth, hasColors, isRaw }: LogStyle): string {
  const name = `${worker.padEnd(nameWidth)} |`
  const shown = hasColors ? styleText(colours[index % colours.length]!, name, { validateStream: false }) : name
  return `${shown} ${isRaw ? text : cleanText(text)}\n`
}
