import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'

/** Files whose change can change what runs. A database beside the module is none of them. */
const CODE = /\.([cm]?[jt]sx?|json|wasm|node)$/
/** An editor writes a file in several steps, and several files at once. */
const QUIET_MS = 100
/** Who writes without end is not waited for. */
const MOST_QUIET_MS = 1000
/** Each folder takes a watch of the system. */
const MOST_FOLDERS = 1000

/** Calls back when code in a folder has changed, once for changes that come together. */
export class FileWatch {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #root: string
  readonly #onChange: (file: string) => void
  #timer: NodeJS.Timeout | undefined
  #firstAt: number | undefined

  /** Watches the folder and those in it, except `node_modules` and those whose name begins with a dot. */
  constructor(root: string, onChange: (file: string) => void) {
    this.#root = root
    this.#onChange = onChange
    this.#watchAll()
  }

  #watchAll(): void {
    const waiting = [this.#root]
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      if (this.#watchers.size >= MOST_FOLDERS) return
      this.#watchOne(folder)
      waiting.push(...listFolders(folder))
    }
  }

  #watchOne(folder: string): void {
    if (this.#watchers.has(folder)) return
    try {
      const watcher = watch(folder, (_kind, file) => this.#note(folder, file))
      watcher.on('error', () => this.#unwatch(folder))
      this.#watchers.set(folder, watcher)
    } catch {
      // It has just gone, or the system has no more watches: what is watched stays so.
    }
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }

  #note(folder: string, file: string | null): void {
    // It may be a new folder.
    const isCode = file === null || CODE.test(file)
    if (!isCode && (file.includes('.') || file === 'node_modules')) return
    if (!isCode) return this.#watchAll()
    clearTimeout(this.#timer)
    this.#firstAt ??= performance.now()
    const leftMs = MOST_QUIET_MS - (performance.now() - this.#firstAt)
    this.#timer = setTimeout(
      () => {
        this.#firstAt = undefined
        this.#watchAll()
        this.#onChange(join(folder, file ?? ''))
      },
      Math.max(0, Math.min(QUIET_MS, leftMs)),
    )
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const folder of [...this.#watchers.keys()]) this.#unwatch(folder)
  }
}

function listFolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map(({ name }) => join(folder, name))
  } catch {
    return []
  }
}
