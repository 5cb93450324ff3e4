import { copyFlat, countPlainBytes } from './copy-flat.ts'
import { describeThrown, summarizeThrown } from '../internal/describe-thrown.ts'
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
  /** Most values hold no other object: only the second one asks for a map. */
  #first: object | undefined
  #firstCopy: unknown
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
    const known = value === this.#first ? this.#firstCopy : this.#seen?.get(value)
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
    const { length } = value
    const copy: unknown[] = new Array<unknown>(length)
    this.#remember(value, copy)
    const keys = Object.keys(value)
    // Indexes come first and ascend, so the last one tells that none is missing.
    const dense = keys[length - 1] === String(length - 1) ? length : 0
    for (let i = 0; i < dense; i++) copy[i] = this.#step(i, this.#read(value, i))
    for (let i = dense; i < keys.length; i++) {
      const key = keys[i]!
      // Named properties of arrays travel too, as structured clone does it.
      this.#define(copy, key, this.#step(toStep(key), this.#read(value, key)))
    }
    return copy
  }

  #copyPlain(value: object): object {
    if (isArguments(value)) throw this.#refuse('an arguments object cannot be copied')
    const copy = {}
    this.#remember(value, copy)
    for (const key of Object.keys(value)) {
      this.#add(key.length)
      this.#define(copy, key, this.#step(key, this.#read(value, key)))
    }
    return copy
  }

  #read(owner: object, key: PathStep): unknown {
    try {
      return (owner as Record<PathStep, unknown>)[key]
    } catch (error) {
      this.#path.push(key)
      throw this.#refuse(`reading it threw ${describeThrown(error)}`, error)
    }
  }

  /** Exactly the bytes of the view: a pooled Buffer would bring its neighbours' bytes along. */
  #copyView(view: ArrayBufferView): unknown {
    if (typeof SharedArrayBuffer === 'function' && view.buffer instanceof SharedArrayBuffer) {
      if (this.#options.portable) throw this.#refuse('shared memory cannot leave its process')
      return this.#remember(view, this.#makeView(view, view.buffer, view.byteOffset))
    }
    if ((view.buffer as ArrayBuffer).detached) throw this.#refuse('its memory was transferred elsewhere')
    this.#add(view.byteLength)
    const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
    return this.#remember(view, this.#makeView(view, bytes, 0))
  }

  #makeView(view: ArrayBufferView, buffer: ArrayBufferLike, offset: number): ArrayBufferView {
    const copy = makeView(view, buffer, offset)
    if (copy === undefined) throw this.#refuse(`${nameKind(view)} is not known here`)
    return copy
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
    if (value instanceof Error) this.#copyCause(this.#remember(value, value))
    if (value instanceof ArrayBuffer) this.#add(value.byteLength)
    else if (!isLeaf(value) && this.#options.portable) {
      throw this.#refuse(`${nameKind(value)} cannot leave its process; send its data instead`)
    }
    return this.#remember(value, value)
  }

  /** Structured clone brings the cause along: it is part of the value like any other. */
  #copyCause(error: Error): void {
    this.#add(error.message.length + (error.stack?.length ?? 0))
    if (Object.hasOwn(error, 'cause')) error.cause = this.#step('cause', error.cause)
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

  #define(target: object, key: string, value: unknown): void {
    // Assigning to this one key would change the prototype instead.
    if (key === '__proto__') {
      Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
    } else (target as Record<string, unknown>)[key] = value
  }

  #remember<T>(original: object, copy: T): T {
    if (this.#first === undefined) {
      this.#first = original
      this.#firstCopy = copy
    } else (this.#seen ??= new Map()).set(original, copy)
    return copy
  }

  #add(bytes: number): void {
    this.bytes += bytes
    if (this.bytes > this.#maxBytes) {
      const text = `${this.place} is over the limit of ${this.#maxBytes} bytes for one item`
      throw new RefusedValue('size', `${text}; split it, or pass a path or shared memory instead`)
    }
  }

  #refuse(reason: string, cause?: unknown): RefusedValue {
    return new RefusedValue('clone', `${this.place}: ${reason}`, cause)
  }

  /** Where the walk stands. */
  get place(): string {
    return formatPath(this.#options.root, this.#path)
  }
}

/** The key of an array's member: an index only where it is written as one (`01` and `1e3` are names). */
function toStep(key: string): PathStep {
  const index = Number(key)
  return String(index) === key && Number.isInteger(index) && index >= 0 ? index : key
}

type ViewMaker = new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView

function makeView(view: ArrayBufferView, buffer: ArrayBufferLike, offset: number): ArrayBufferView | undefined {
  if (view instanceof DataView) return new DataView(buffer, offset, view.byteLength)
  // The tag getter reads an internal slot, so a subclass (Buffer) or a forged constructor changes nothing.
  const tag = Reflect.get(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag, view) as string
  const maker = (globalThis as Record<string, unknown>)[tag]
  return typeof maker === 'function' ? new (maker as ViewMaker)(buffer, offset, (view as Uint8Array).length) : undefined
}

function cloneWhole(value: unknown, options: SnapshotOptions): unknown {
  try {
    return structuredClone(value)
  } catch (error) {
    throw explainRefused(value, error, options)
  }
}

/** Looks for the part that structured clone refused, so that the message can name it. */
function explainRefused(value: unknown, error: unknown, options: SnapshotOptions, path: PathStep[] = []): RefusedValue {
  const place = formatPath(options.root, path)
  if (typeof value !== 'object' || value === null || path.length >= 32 || isProxy(value)) {
    const kind = value === undefined ? 'reading it threw' : `${nameKind(value)} cannot be copied:`
    return new RefusedValue('clone', `${place}: ${kind} ${summarizeThrown(error)}`, error)
  }
  for (const key of Object.keys(value)) {
    let member: unknown
    try {
      member = (value as Record<string, unknown>)[key]
      structuredClone(member)
    } catch (inner) {
      return explainRefused(member, inner, options, [...path, Array.isArray(value) ? toStep(key) : key])
    }
  }
  return new RefusedValue('clone', `${place}: ${nameKind(value)} cannot be copied: ${summarizeThrown(error)}`, error)
}

/**
 * Copies a value at the moment it is given, as structured clone would, into data that any channel can carry.
 *
 * Copying early keeps a generator free to reuse its object, and a retry free of later changes. Differences from
 * structured clone: a view brings its own bytes only, so two views of one buffer no longer share it; nesting and size
 * are bounded; and where a value has to leave the process, what is alive in one process only is refused (`portable`).
 *
 * @throws RefusedValue, with the path of the part that cannot travel.
 */
export function snapshot(value: unknown, options: SnapshotOptions): Snapshot {
  const plain = countPlainBytes(value)
  if (plain > 0 && plain <= (options.maxBytes ?? MAX_ITEM_BYTES)) return { value, bytes: plain }
  const flat = copyFlat(value)
  if (flat !== undefined && flat.bytes <= (options.maxBytes ?? MAX_ITEM_BYTES)) return flat
  const copier = new Copier(options, false)
  try {
    return { value: copier.copy(value), bytes: copier.bytes }
  } catch (error) {
    if (error instanceof RefusedValue) throw error
    if (error !== needsClone) {
      throw new RefusedValue('clone', `${copier.place}: copying it threw ${describeThrown(error)}`, error)
    }
  }
  const second = new Copier(options, true)
  return { value: second.copy(cloneWhole(value, options)), bytes: second.bytes }
}
