/** What must be known to take a record apart. */
export interface RecordFormat {
  readonly delimiter: string
  readonly quotes: boolean
}

const QUOTE = '"'

/** One quoted field, and where it ends; `""` stands for one quote. */
function readQuoted(text: string, from: number): { field: string; end: number } {
  let field = ''
  let at = from + 1
  for (;;) {
    const end = text.indexOf(QUOTE, at)
    if (end < 0) throw new SyntaxError(`the quote at column ${from + 1} is never closed`)
    field += text.slice(at, end)
    if (text[end + 1] !== QUOTE) return { field, end: end + 1 }
    field += QUOTE
    at = end + 2
  }
}

/**
 * Takes a record apart.
 *
 * @throws SyntaxError for a quote inside an unquoted field, and for anything between a closing quote and the delimiter.
 */
export function splitRecord(text: string, { delimiter, quotes }: RecordFormat): string[] {
  if (!quotes || !text.includes(QUOTE)) return text.split(delimiter)
  const fields: string[] = []
  let at = 0
  for (;;) {
    let end: number
    if (text[at] === QUOTE) {
      const quoted = readQuoted(text, at)
      fields.push(quoted.field)
      end = quoted.end
      if (end < text.length && text[end] !== delimiter)
        throw new SyntaxError(`there is ${JSON.stringify(text[end])} behind the closing quote at column ${end}`)
    } else {
      const next = text.indexOf(delimiter, at)
      end = next < 0 ? text.length : next
      const field = text.slice(at, end)
      if (field.includes(QUOTE))
        throw new SyntaxError(`there is a quote inside the unquoted field ${JSON.stringify(field.slice(0, 40))}`)
      fields.push(field)
    }
    if (end >= text.length) return fields
    at = end + 1
  }
}

/**
 * One field of a record of `width` fields; nothing else of it is made.
 *
 * @throws RangeError when the record has another number of fields.
 */
export function pickField(text: string, position: number, width: number, format: RecordFormat): string {
  const { delimiter } = format
  if (format.quotes && text.includes(QUOTE)) {
    const fields = splitRecord(text, format)
    if (fields.length !== width) throw explainWidth(fields.length, width)
    return fields[position]!
  }
  let count = 0
  let start = 0
  let field = ''
  for (;;) {
    const end = text.indexOf(delimiter, start)
    if (count === position) field = end < 0 ? text.slice(start) : text.slice(start, end)
    count += 1
    if (end < 0) break
    start = end + 1
  }
  if (count !== width) throw explainWidth(count, width)
  return field
}

export function explainWidth(given: number, width: number): RangeError {
  return new RangeError(`the record has ${given} fields instead of ${width}`)
}
