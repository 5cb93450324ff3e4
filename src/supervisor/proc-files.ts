import { readFileSync } from 'node:fs'

/** A file of the system as text; `undefined` where it is missing, may not be read, or its process is gone. */
export function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

/** One field of `/proc/…/status`. */
export function findStatusField(status: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]
}
