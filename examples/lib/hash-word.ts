import { hash } from 'node:crypto'

/** The hash under which a rainbow table keeps a word: that of a service which did not know better. */
export function hashWord(word: string): string {
  return hash('sha1', word, 'base64url')
}
