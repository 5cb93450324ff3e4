import { stripVTControlCharacters } from 'node:util'

/** What could move the cursor, change the terminal, or turn the order of what is read; tab and newline may stay. */
// oxlint-disable-next-line eslint/no-control-regex -- these are what it is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Text that comes from elsewhere, without what a terminal would obey: escape sequences, C0 and C1. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replaceAll(CONTROL, '')
}
