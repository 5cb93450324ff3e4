import { stripVTControlCharacters, styleText } from 'node:util'
import type { PrintLevel } from '../protocol/loop-messages.ts'
import { writeOutput } from './worker-output.ts'

const colours = ['cyan', 'green', 'magenta', 'yellow', 'blue', 'cyanBright', 'greenBright', 'magentaBright'] as const

/** What could move the cursor, change the terminal, or turn the order of what is read. */
// oxlint-disable-next-line eslint/no-control-regex -- these are what it is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Where it goes. */
export interface PrintSink {
  readonly isTerminal: boolean
  readonly hasColors: boolean
}

/** What one print of a worker is written as: whole lines, each with the worker's seat before it where people read them. */
export function formatPrint(index: number, level: PrintLevel, text: string, sink: PrintSink): string {
  const clean = stripVTControlCharacters(text).replaceAll(CONTROL, '')
  const label = level === 'print' ? '' : `${level}: `
  if (!sink.isTerminal && level === 'print') return `${clean}\n`
  const tag = `[${index}] `
  const shown = sink.hasColors ? styleText(colours[index % colours.length]!, tag) : tag
  return clean
    .split('\n')
    .map((line) => `${shown}${label}${line}\n`)
    .join('')
}

/** Writes it: prints go to stdout, lines of the log to stderr. */
export function writePrint(index: number, level: PrintLevel, text: string): void {
  const stream = level === 'print' ? process.stdout : process.stderr
  const isTerminal = stream.isTTY
  // hasColors() heeds NO_COLOR, FORCE_COLOR and TERM.
  const sink = { isTerminal, hasColors: isTerminal && stream.hasColors() }
  writeOutput(level === 'print' ? 'stdout' : 'stderr', formatPrint(index, level, text, sink))
}
