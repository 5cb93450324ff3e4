import { crc32, deflateRawSync } from 'node:zlib'

const VERSION = 20
const DEFLATED = 8
/** The first day that a zip file can name: 1 January 1980. */
const FIRST_DAY = 0x21

/** Packs files into a zip archive. */
export function writeZip(files: readonly { name: string; text: string }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, text } of files) {
    const bytes = Buffer.from(text)
    const packed = deflateRawSync(bytes)
    const title = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(DEFLATED, 4)
    common.writeUInt16LE(FIRST_DAY, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(title.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    const local = [Buffer.from('PK\u0003\u0004'), common, title, packed]
    directory.push(Buffer.from('PK\u0001\u0002'), toBytes(VERSION), common, place, title)
    parts.push(...local)
    at += local.reduce((sum, part) => sum + part.length, 0)
  }
  const table = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(table.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, table, Buffer.from('PK\u0005\u0006'), end])
}

function toBytes(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
