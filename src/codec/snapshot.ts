import { isArguments, isLeaf, isProxy, nameKind } from './exotic-values.ts'
import { type PathStep, RefusedValue, formatPath } from './refused-value.ts'

/** Deeper values overflow the stack of a receiver (1500 to 2000 levels on Node 22 to 26), which then cannot tell whose they are. */
export const MAX_DEPTH = 1000
/** Above about 2 GB a message vanishes without any event; far below it the memory for its copies is gone. */
export const MAX_ITEM_BYTES: number = 256 * 1024 * 1024

export interface SnapshotOptions {
  /** What paths in messages start with: `item`, `result`. */
  readonly root: string
  /** Refuse what lives in one process only (SharedArrayBuffer, Blob, KeyObject …). */
  readonly portable: boolean
  readonly maxBytes?: number
}

export interface Snapshot {
  readonly value: unknown
  /** Estimated size on the wire. */
  readonly bytes: number
}

/** Signals that structured clone itself must look at the value first. */
const needsClone: unique symbol = Symbol('needsClone')

class Copier {
  readonly #options: SnapshotOptions
  readonly #maxBytes: number
  /** Whether the value is already a result of structured clone: then what is not known here belongs to the platform. */
  readonly #cloned: boolean
  readonly #path: PathStep[] = []
  #seen: Map<object, unknown> | undefined
  bytes = 0

  constructor(options: SnapshotOptions, cloned: boolean) {
    this.#options = options
    this.#maxBytes = options.maxBytes ?? MAX_ITEM_BYTES
    this.#cloned = cloned
  }

  copy(value: unknown): unknown {
    if (typeof value === 'string') {
      this.#add(value.length + 8)
      return value
    }
    if (typeof value === 'function' || typeof value === 'symbol')
      throw this.#refuse(`${nameKind(value)} cannot be copied`)
    if (typeof value !== 'object' || value === null) {
      this.#add(8)
      return value
    }
    const known = this.#seen?.get(value)
    return known === undefined ? this.#copyObject(value) : known
  }

  #copyObject(value: object): unknown {
    if (this.#path.length >= MAX_DEPTH) throw this.#refuse(`it is nested deeper than ${MAX_DEPTH} levels`)
    if (isProxy(value)) throw this.#refuse('a Proxy cannot be copied')
    this.#add(16)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (Array.isArray(value) && prototype === Array.prototype) return this.#copyArray(value)
    if (prototype === Object.prototype || prototype === null) return this.#copyPlain(value)
    if (ArrayBuffer.isView(value)) return this.#copyView(value)
    if (!this.#cloned) throw needsClone
    return this.#copyCloned(value)
  }

  #copyArray(value: unknown[]): unknown[] {
    const copy: unknown[] = new Array<unknown>(value.length)
    this.#remember(value, copy)
    const keys = Object.keys(value)
    for (const key of keys) {
      const index = Number(key)
      const step = Number.isInteger(index) && index >= 0 ? index : key
      // Named properties of arrays travel too, as structured clone does it.
      this.#define(copy, step, this.#step(step, (value as unknown as Record<string, unknown>)[key]))
    }
    return copy
  }

  #copyPlain(value: object): object {
    if (isArguments(value)) throw this.#refuse('an arguments object cannot be copied')
    const copy = {}
    this.#remember(value, copy)
    for (const key of Object.keys(value)) {
      this.#add(key.length)
      this.#define(copy, key, this.#step(key, (value as Record<string, unknown>)[key]))
    }
    return copy
  }

  /** Exactly the bytes of the view: a pooled Buffer would bring its neighbours' bytes along. */
  #copyView(view: ArrayBufferView): unknown {
    if (typeof SharedArrayBuffer === 'function' && view.buffer instanceof SharedArrayBuffer) {
      if (this.#options.portable) throw this.#refuse('shared memory cannot leave its process')
      return view
    }
    this.#add(view.byteLength)
    const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
    const copy = makeView(view, bytes)
    if (copy === undefined) throw this.#refuse(`${nameKind(view)} is not known here`)
    return this.#remember(view, copy)
  }

  /** Map, Set, ArrayBuffer, leaves, and what only the platform knows; all of them made by structured clone. */
  #copyCloned(value: object): unknown {
    if (value instanceof Map) {
      const copy = new Map<unknown, unknown>()
      this.#remember(value, copy)
      for (const [key, member] of value) copy.set(this.#step(copy.size, key), this.#step(copy.size, member))
      return copy
    }
    if (value instanceof Set) {
      const copy = new Set<unknown>()
      this.#remember(value, copy)
      for (const member of value) copy.add(this.#step(copy.size, member))
      return copy
    }
    if (value instanceof ArrayBuffer) this.#add(value.byteLength)
    else if (!isLeaf(value) && this.#options.portable) {
      throw this.#refuse(`${nameKind(value)} cannot leave its process; send its data instead`)
    }
    return this.#remember(value, value)
  }

  #step(step: PathStep, value: unknown): unknown {
    if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) {
      this.bytes += 8
      return value
    }
    this.#path.push(step)
    const copy = this.copy(value)
    this.#path.pop()
    return copy
  }

  #define(target: object, key: PathStep, value: unknown): void {
    // Assigning to this one key would change the prototype instead.
    if (key === '__proto__') {
      Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
    } else (target as Record<PathStep, unknown>)[key] = value
  }

  #remember<T>(original: object, copy: T): T {
    this.#seen ??= new Map()
    this.#seen.set(original, copy)
    return copy
  }

  #add(bytes: number): void {
    this.bytes += bytes
    if (this.bytes > this.#maxBytes) {
      const text = `${formatPath(this.#options.root, this.#path)} is over the limit of ${this.#maxBytes} bytes for one item`
      throw new RefusedValue('size', `${text}; split it, or pass a path or shared memory instead`)
    }
  }

  #refuse(reason: string): RefusedValue {
    return new RefusedValue('clone', `${formatPath(this.#options.root, this.#path)}: ${reason}`)
  }

  /** Where the walk stands, for an error that was not made here. */
  get place(): string {
    return formatPath(this.#options.root, this.#path)
  }
}

type ViewMaker = new (buffer: ArrayBufferLike) => ArrayBufferView

function makeView(view: ArrayBufferView, bytes: ArrayBufferLike): ArrayBufferView | undefined {
  if (view instanceof DataView) return new DataView(bytes)
  // The tag getter reads an internal slot, so a subclass (Buffer) or a forged constructor changes nothing.
  const tag = Reflect.get(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag, view) as string
  const maker = (globalThis as Record<string, unknown>)[tag]
  return typeof maker === 'function' ? new (maker as ViewMaker)(bytes) : undefined
}

function cloneWhole(value: unknown, options: SnapshotOptions): unknown {
  try {
    return structuredClone(value)
  } catch (error) {
    const place = findRefused(value, options)
    const reason = error instanceof Error ? error.message : String(error)
    throw new RefusedValue('clone', `${place}: ${reason}`, error)
  }
}

/** Looks for the part that structured clone refused, so that the message can name it. */
function findRefused(value: unknown, options: SnapshotOptions, path: PathStep[] = []): string {
  if (typeof value === 'object' && value !== null && path.length < 32) {
    for (const key of Object.keys(value)) {
      const step = Array.isArray(value) ? Number(key) : key
      let member: unknown
      try {
        member = (value as Record<string, unknown>)[key]
        structuredClone(member)
      } catch {
        return findRefused(member, options, [...path, step])
      }
    }
  }
  return formatPath(options.root, path)
}

/**
 * Copies a value at the moment it is given, as structured clone would, into data that any channel can carry.
 *
 * Copying early keeps a generator free to reuse its object, and a retry free of later changes. Differences from
 * structured clone: a view brings its own bytes only, nesting and size are bounded, a Proxy is refused everywhere.
 *
 * @throws RefusedValue, with the path of the part that cannot travel.
 */
export function snapshot(value: unknown, options: SnapshotOptions): Snapshot {
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) {
    return { value, bytes: 8 }
  }
  const copier = new Copier(options, false)
  try {
    return { value: copier.copy(value), bytes: copier.bytes }
  } catch (error) {
    if (error instanceof RefusedValue) throw error
    if (error !== needsClone) {
      throw new RefusedValue('clone', `${copier.place}: reading it threw ${describeThrown(error)}`, error)
    }
  }
  const second = new Copier(options, true)
  return { value: second.copy(cloneWhole(value, options)), bytes: second.bytes }
}

function describeThrown(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
