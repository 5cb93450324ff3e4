import { createRequire } from 'node:module'

/** Bytes of one page: with LMDB's header they fill one page of the system, and numbers of every size fit evenly. */
export const PAGE_BYTES = 4072

/** What is used of the package `lmdb`, which is there only when the user has installed it. */
export interface LmdbDriver {
  open(options: object): LmdbStore
}

export interface LmdbStore {
  getBinaryFast(key: number): Uint8Array | undefined
  putSync(key: number, value: Uint8Array, options: { readonly append: boolean }): boolean
  transactionSync<Result>(action: () => Result): Result
  close(): Promise<void>
}

/** What both sides of a file have to agree on. */
export const storeOptions = {
  noSubdir: true,
  keyEncoding: 'uint32',
  encoding: 'binary',
  compression: false,
  overlappingSync: false,
  pageSize: 4096,
  maxReaders: 4096,
} as const

export function loadDriver(path: string): LmdbDriver {
  return createRequire(path)(path) as LmdbDriver
}

/** The pages of a file, mapped into memory, so that all processes read the same. */
export class PageStore {
  readonly #store: LmdbStore

  constructor({ path, driver }: { readonly path: string; readonly driver: string }) {
    this.#store = loadDriver(driver).open({ ...storeOptions, path, readOnly: true })
  }

  /** The bytes are good until the next call; it may be of any store of this thread. */
  read(key: number): Uint8Array | undefined {
    return this.#store.getBinaryFast(key)
  }

  /** Must be called before the file is deleted. */
  async close(): Promise<void> {
    await this.#store.close()
  }
}
