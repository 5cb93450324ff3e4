import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { MAX_MODULE_BYTES } from './fetch-bytes.ts'
import { type Pin, hashLike } from './integrity.ts'
import { refuseModule } from './refusals.ts'

/** Windows has not all of them, and no owners and modes to look at. */
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = constants
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>
const user = process.getuid?.()

function toName(pin: Pin): string {
  const [algorithm = '', digest = ''] = pin.split('-')
  return `${algorithm}-${Buffer.from(digest, 'base64').toString('hex')}`
}

/**
 * Modules from the network in a folder, by their hash. Others may have written into it: what is read is checked each
 * time, and the bytes that were checked are those that run; the file is not opened again for that.
 */
export class ModuleCache {
  readonly #folder: string

  /** @throws EisenmpError `ERR_EISENMP_MODULE` when the folder cannot be made, or is open to other users. */
  constructor(folder: string) {
    this.#folder = folder
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw this.#refuse(`it cannot be made: ${String(error)}`, 'give a folder that you may write to', error)
    }
    const stat = lstatSync(folder)
    if (!stat.isDirectory()) throw this.#refuse('it is no folder', 'give a folder, and no link to one')
    if (user === undefined) return
    if (stat.uid !== user) throw this.#refuse('it belongs to another user', 'give a folder of your own')
    if ((stat.mode & 0o077) !== 0) throw this.#refuse('other users may look into it', `run chmod 700 '${folder}'`)
  }

  #refuse(problem: string, repair: string, cause?: unknown): Error {
    return refuseModule(`through the cache ${this.#folder}`, problem, repair, cause)
  }

  /** `undefined` when it is not there; what is there in its place, a link or other bytes, is removed. */
  read(pin: Pin): Uint8Array | undefined {
    const path = join(this.#folder, toName(pin))
    const bytes = readPlainFile(path)
    if (bytes !== undefined && hashLike(pin, bytes) === pin) return bytes
    // It is one of ours by its name. A link is removed, not what it leads to.
    ignoreErrors(() => rmSync(path, { force: true }))
    return undefined
  }

  /** Keeps bytes that were checked. A full disk is no reason not to run them. */
  write(pin: Pin, bytes: Uint8Array): void {
    const draft = join(this.#folder, `draft-${crypto.randomUUID()}`)
    try {
      const fd = openSync(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        writeFileSync(fd, bytes)
      } finally {
        closeSync(fd)
      }
      renameSync(draft, join(this.#folder, toName(pin)))
    } catch {
      ignoreErrors(() => rmSync(draft, { force: true }))
    }
  }
}

function readPlainFile(path: string): Uint8Array | undefined {
  let fd: number | undefined
  try {
    // A pipe in its place must not block the program.
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stat = fstatSync(fd)
    if (!stat.isFile() || stat.size > MAX_MODULE_BYTES) return undefined
    const bytes = new Uint8Array(stat.size)
    return bytes.subarray(0, readSync(fd, bytes))
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function ignoreErrors(work: () => void): void {
  try {
    work()
  } catch {
    // It is left as it is.
  }
}
