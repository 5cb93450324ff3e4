import type { Socket } from 'node:net'
import { Deserializer, Serializer } from 'node:v8'
import { FrameReader, encodeFrame } from '../../../src/backends/frames.ts'

/** Cuts a byte stream into values. */
interface ValueReader {
  push(bytes: Buffer): Iterable<unknown>
}

const LENGTH_BYTES = 4

/** Frames with a length and no checksum: what the checksum costs is the difference. */
class UncheckedReader implements ValueReader {
  #parts: Buffer[] = []
  #bytes = 0
  #wanted = LENGTH_BYTES
  #isBody = false;

  *push(bytes: Buffer): Generator<unknown, void, void> {
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    while (this.#bytes >= this.#wanted) {
      const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#bytes)
      const part = all.subarray(0, this.#wanted)
      this.#parts = [all.subarray(this.#wanted)]
      this.#bytes -= this.#wanted
      this.#wanted = this.#isBody ? LENGTH_BYTES : part.readUInt32LE(0)
      this.#isBody = !this.#isBody
      if (!this.#isBody) yield decode(part)
    }
  }
}

function decode(body: Buffer): unknown {
  const deserializer = new Deserializer(body)
  deserializer.readHeader()
  return deserializer.readValue()
}

function encodeUnchecked(value: unknown): Buffer {
  const serializer = new Serializer()
  serializer.writeRawBytes(Buffer.alloc(LENGTH_BYTES))
  serializer.writeHeader()
  serializer.writeValue(value)
  const frame = serializer.releaseBuffer()
  frame.writeUInt32LE(frame.length - LENGTH_BYTES, 0)
  return frame
}

/** Reads the values that come over a socket, and gives what sends some. */
export function talk(socket: Socket, isChecked: boolean, take: (value: unknown) => void): (value: unknown) => void {
  const reader: ValueReader = isChecked ? new FrameReader() : new UncheckedReader()
  const encode = isChecked ? encodeFrame : encodeUnchecked
  socket.on('data', (bytes: Buffer) => {
    for (const value of reader.push(bytes)) take(value)
  })
  return (value) => void socket.write(encode(value))
}
