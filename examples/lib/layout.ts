import { styleText } from 'node:util'

const WIDEST = 80

/** Columns to write in: those of the terminal, at most 80, and 80 where there is none. */
export function measureScreen(columns: number | undefined = process.stdout.columns): number {
  return Math.min(WIDEST, columns || WIDEST)
}

/** Breaks a text between words so that each of its lines, behind its indentation, fits the screen. */
export function wrap(text: string, indent: number, columns: number = measureScreen()): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length >= columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each).join('\n')
}

/** Puts values beside their names; values that do not fit go on below themselves. */
export function formatPairs(pairs: readonly (readonly [name: string, value: string])[], indent: number): string {
  const width = indent + Math.max(...pairs.map(([name]) => name.length)) + 3
  return pairs
    .map(([name, value]) => ' '.repeat(indent) + name + wrap(value, width).slice(indent + name.length))
    .join('\n')
}

/** A job's title, and what it is about. */
export function formatTitle(title: string, question: string): string {
  return `${styleText('bold', title)}\n${wrap(question, 2)}`
}

/** A remark: of less weight than results. */
export function formatNote(text: string, indent = 2): string {
  return styleText('dim', wrap(`note: ${text}`, indent))
}
