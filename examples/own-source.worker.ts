// Work that takes about a millisecond for each line: a hash that is slow on purpose, as for passwords.
import { scryptSync } from 'node:crypto'

export function hashLine(line: string): { line: string; hash: string } {
  return { line, hash: scryptSync(line, 'a fixed salt, for an example', 16, { N: 512 }).toString('hex') }
}
