import { closeSync, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MARK_BYTES, MARK_LENGTH, type Mark, readMark } from '../protocol/mark.ts'
import { VITALS_BYTES, VITALS_LENGTH, type Vitals, readVitals } from '../protocol/vitals.ts'

/**
 * A worker process's mark, with its vitals behind it: a file without a name, written by the worker, read by the parent, also after the worker's
 * death, whatever killed it. Kept in memory where the system has a place for that.
 */
export class MarkFile {
  readonly fd: number
  readonly #block: Float64Array = new Float64Array(MARK_LENGTH)
  #isOpen = true

  constructor(fd: number) {
    this.fd = fd
  }

  /** `undefined` where no file can be made; then a dead worker's unit is blamed as a whole. */
  static create(): MarkFile | undefined {
    // The global loads its module on first use; `node:crypto` takes 11 ms, also where there are threads only.
    const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
    const path = join(folder, `eisenmp-${crypto.randomUUID()}`)
    let fd: number | undefined
    try {
      fd = openSync(path, 'wx+', 0o600)
      unlinkSync(path)
      // Taking the space now keeps later writes from failing on a full disk.
      writeSync(fd, new Uint8Array(MARK_BYTES + VITALS_BYTES), 0, MARK_BYTES + VITALS_BYTES, 0)
      return new MarkFile(fd)
    } catch {
      if (fd !== undefined) closeSync(fd)
      return undefined
    }
  }

  read(): Mark | undefined {
    if (!this.#isOpen) return readMark(this.#block)
    readSync(this.fd, this.#block, 0, MARK_BYTES, 0)
    return readMark(this.#block)
  }

  readVitals(): Vitals | undefined {
    if (!this.#isOpen) return undefined
    const block = new Float64Array(VITALS_LENGTH)
    readSync(this.fd, block, 0, VITALS_BYTES, MARK_BYTES)
    return readVitals(block)
  }

  /** The last mark stays readable. */
  close(): void {
    if (!this.#isOpen) return
    this.read()
    this.#isOpen = false
    closeSync(this.fd)
  }
}
