import { createHash } from 'node:crypto'

/** The answer to item `n`. */
export function digest(n: number): string {
  let text = String(n)
  for (let i = 0; i < 20; i++) text = createHash('sha256').update(text).digest('base64url')
  return text
}
