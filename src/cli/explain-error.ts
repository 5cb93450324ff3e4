import { cleanText } from './clean-text.ts'

/** Where this package lies: its frames tell a user nothing. */
const own = new URL('../', import.meta.url).href

function isForUser(line: string): boolean {
  return !/^\s+at /.test(line) || (line.includes('file://') && !line.includes(own))
}

/** The message of an error, and where in the user's code it comes from, as far as its cause tells. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return cleanText(String(error))
  const message = cleanText(error.message)
  const { cause } = error
  if (!(cause instanceof Error) || typeof cause.stack !== 'string') return message
  const lines = cleanText(cause.stack)
    .split('\n')
    .filter((line) => isForUser(line) && line.trim() !== '' && !message.includes(line.trim()))
  // A frame, or the place of an error of syntax, which stands above it.
  const isUseful = lines.some((line) => /^\s+at |^(file:|\/|[a-z]:\\).*:\d+$/i.test(line))
  return isUseful ? [message, ...lines].join('\n') : message
}
