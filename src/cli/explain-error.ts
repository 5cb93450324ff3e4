import { spawnSync } from 'node:child_process'
import { cleanText } from './clean-text.ts'

/** Where this package lies: its frames tell a user nothing. */
const own = new URL('../', import.meta.url).href

function isForUser(line: string): boolean {
  return !/^\s+at /.test(line) || (line.includes('file://') && !line.includes(own))
}

/**
 * The message of an error, and where in the user's code it comes from, as far as its cause tells.
 *
 * @param file - The module that was loaded: of JavaScript that does not compile, an error does not know the place.
 */
export function explainError(error: unknown, file?: string): string {
  if (!(error instanceof Error)) return cleanText(String(error))
  const message = cleanText(error.message)
  const { cause } = error
  if (!(cause instanceof Error) || typeof cause.stack !== 'string') return message
  const lines = cleanText(cause.stack)
    .split('\n')
    .filter((line) => isForUser(line) && line.trim() !== '' && !message.includes(line.trim()))
  // A frame, or the place of an error of syntax, which stands above it.
  const isUseful = lines.some((line) => /^\s+at |^(file:|\/|[a-z]:\\).*:\d+$/i.test(line))
  if (isUseful) return [message, ...lines].join('\n')
  const place = cause.name === 'SyntaxError' && file !== undefined ? findPlace(file) : undefined
  return place === undefined ? message : `${message}\n${place}`
}

/** The line that does not compile; `undefined` when it is in another file, which this one imports. */
function findPlace(file: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5000 })
  const end = stderr?.indexOf('\n\n') ?? -1
  return end > 0 && stderr.includes(file) ? cleanText(stderr.slice(0, end)) : undefined
}
