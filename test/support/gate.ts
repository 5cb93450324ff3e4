import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file that tasks of any backend can wait for. */
export class Gate {
  readonly #folder = mkdtempSync(join(tmpdir(), 'eisenmp-gate-'))

  get path(): string {
    return join(this.#folder, 'open')
  }

  open(): void {
    writeFileSync(this.path, '')
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
