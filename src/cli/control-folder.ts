import { type Stats, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { MissingError, UsageError } from './usage.ts'

/** What is looked at to find the folder; tests give another. */
export type FolderPlace = {
  readonly runtimeDir: string | undefined
  readonly tempDir: string
  readonly uid: number
}

const NAME = /^[a-z0-9][\w.-]{0,47}$/i
/** The kernel's limit for the path of a socket is 108 on Linux and 104 on macOS, its end included. */
const MOST_PATH_BYTES = 103

export function readFolderPlace(): FolderPlace {
  return { runtimeDir: process.env['XDG_RUNTIME_DIR'], tempDir: tmpdir(), uid: process.getuid?.() ?? -1 }
}

/**
 * The folder of the control sockets, made if need be. Nobody but the user may look into it: it is a real folder, the user's
 * own, with mode 0700.
 *
 * @throws {@link MissingError} When it is not so: another user of the machine may have made it.
 */
export function openControlFolder({ runtimeDir, tempDir, uid }: FolderPlace = readFolderPlace()): string {
  const hasRuntimeDir = runtimeDir !== undefined && isAbsolute(runtimeDir)
  const folder = hasRuntimeDir ? join(runtimeDir, 'eisenmp') : join(tempDir, `eisenmp-${uid}`)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw toMissing(folder, String(error))
  }
  // Not stat: a link must not lead elsewhere.
  const reason = findFault(lstatSync(folder), uid)
  if (reason !== undefined) throw toMissing(folder, reason)
  return folder
}

function findFault(found: Stats, uid: number): string | undefined {
  if (!found.isDirectory()) return 'it is no folder'
  if (found.uid !== uid) return `it belongs to user ${found.uid}`
  const mode = (found.mode & 0o777).toString(8)
  return (found.mode & 0o077) === 0 ? undefined : `others may enter it: its mode is ${mode}`
}

function toMissing(folder: string, reason: string): MissingError {
  const repair = 'remove it, or set XDG_RUNTIME_DIR to a folder of your own'
  return new MissingError(`Cannot keep control sockets in ${folder}: ${reason}; ${repair}`)
}

/** @throws {@link UsageError} For a name that could lead out of the folder, or is too long for a socket. */
export function checkName(name: string, folder?: string): void {
  if (!NAME.test(name)) {
    const repair = 'letters, digits, ., - and _ make a name, at most 48, the first a letter or digit'
    throw new UsageError(`Cannot use ${JSON.stringify(name.slice(0, 60))} as a name: ${repair}`)
  }
  if (folder !== undefined && Buffer.byteLength(toSocketPath(folder, name)) > MOST_PATH_BYTES) {
    throw new UsageError(`Cannot use ${name} as a name: its socket in ${folder} would have too long a path`)
  }
}

export function toSocketPath(folder: string, name: string): string {
  return join(folder, `${name}.sock`)
}
