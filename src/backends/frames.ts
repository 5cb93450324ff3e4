import { Deserializer, Serializer } from 'node:v8'
import type * as Zlib from 'node:zlib'

/** Length and checksum, each 32 bits, before every frame. */
const HEADER_BYTES = 8
/** Read before any memory is taken for it: a broken worker may announce anything. */
export const MAX_FRAME_BYTES: number = 1024 * 1024 * 1024

/** The stream of frames is broken; nothing behind this point can be trusted. */
export class FrameError extends Error {}

let zlib: typeof Zlib | undefined

/** Loading it takes milliseconds that a program with threads alone need not spend. */
function crc32(bytes: Buffer): number {
  zlib ??= process.getBuiltinModule('node:zlib')
  return zlib.crc32(bytes)
}

const HEADER_SPACE = Buffer.alloc(HEADER_BYTES)

/** Encodes a value as one frame: header and body in one piece, so that one write is enough. */
export function encodeFrame(value: unknown): Buffer {
  // The base class, not v8.serialize: there every view would alias the pool it was read into.
  const serializer = new Serializer()
  serializer.writeRawBytes(HEADER_SPACE)
  serializer.writeHeader()
  serializer.writeValue(value)
  const frame = serializer.releaseBuffer()
  frame.writeUInt32LE(frame.length - HEADER_BYTES, 0)
  frame.writeUInt32LE(crc32(frame.subarray(HEADER_BYTES)), 4)
  return frame
}

function decodeBody(body: Buffer, checksum: number): unknown {
  if (crc32(body) !== checksum) throw new FrameError('a frame does not match its checksum')
  try {
    const deserializer = new Deserializer(body)
    deserializer.readHeader()
    return deserializer.readValue()
  } catch (error) {
    throw new FrameError(`a frame cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Cuts a byte stream back into values. */
export class FrameReader {
  #parts: Buffer[] = []
  #bytes = 0
  /** Bytes of header and body together, once the header is in. */
  #wanted = HEADER_BYTES
  #header: { length: number; checksum: number } | undefined;

  /**
   * Takes bytes and gives the values that are complete.
   *
   * @throws FrameError when the stream is broken.
   */
  *push(bytes: Buffer): Generator<unknown, void, void> {
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    while (this.#bytes >= this.#wanted) {
      if (this.#header === undefined) this.#readHeader()
      else {
        const { length, checksum } = this.#header
        this.#header = undefined
        this.#wanted = HEADER_BYTES
        yield decodeBody(this.#take(length), checksum)
      }
    }
  }

  #readHeader(): void {
    const header = this.#take(HEADER_BYTES)
    const length = header.readUInt32LE(0)
    if (length > MAX_FRAME_BYTES) throw new FrameError(`a frame announces ${length} bytes, over ${MAX_FRAME_BYTES}`)
    this.#header = { length, checksum: header.readUInt32LE(4) }
    this.#wanted = length
  }

  #take(count: number): Buffer {
    const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#bytes)
    const rest = all.subarray(count)
    this.#parts = rest.length === 0 ? [] : [rest]
    this.#bytes = rest.length
    return all.subarray(0, count)
  }
}
