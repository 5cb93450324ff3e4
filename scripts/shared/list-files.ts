import { existsSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { toPath } from './root.ts'

/** The files below a folder of the repository whose name matches, as paths from the root, sorted. */
export function listFiles(folder: string, pattern: RegExp): string[] {
  const top = toPath(folder)
  if (!existsSync(top)) return []
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(folder, entry.parentPath.slice(top.length), entry.name).split(sep).join('/'))
    .toSorted()
}
