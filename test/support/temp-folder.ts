import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder for one test file, with the files that its tests put into it. */
export class TempFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'eisenmp-test-'))

  /** Writes a file and gives its path. */
  write(name: string, text: string): string {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
