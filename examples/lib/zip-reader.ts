import { crc32, inflateRawSync } from 'node:zlib'

/** Reads some bytes of an archive, wherever it is: `end` is the first byte that is not read. */
export type ReadBytes = (start: number, end: number) => Promise<Buffer>

/** One file of an archive, as its table of contents has it. */
export type ZipEntry = {
  name: string
  method: number
  checksum: number
  packedBytes: number
  bytes: number
  at: number
}

const END = 0x06054b50
const END_BYTES = 22
const LONGEST_COMMENT = 65_535
const ENTRY = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
const STORED = 0
const DEFLATED = 8

/**
 * Lists the files of a zip archive: of an archive of any size only its end is read.
 *
 * Knows what most archives are: no encryption, not in parts, below 4 GB.
 */
export async function listZip(read: ReadBytes, size: number): Promise<ZipEntry[]> {
  const tail = await read(Math.max(0, size - END_BYTES - LONGEST_COMMENT), size)
  const at = tail.lastIndexOf(Buffer.from('PK\u0005\u0006'))
  if (at < 0 || tail.readUInt32LE(at) !== END) throw new Error('Cannot read the archive: it is no zip file')
  const count = tail.readUInt16LE(at + 10)
  const start = tail.readUInt32LE(at + 16)
  const directory = await read(start, start + tail.readUInt32LE(at + 12))
  const entries: ZipEntry[] = []
  for (let i = 0, from = 0; i < count; i += 1) {
    if (directory.readUInt32LE(from) !== ENTRY)
      throw new Error('Cannot read the archive: its table of contents is damaged')
    const nameEnd = from + ENTRY_BYTES + directory.readUInt16LE(from + 28)
    entries.push({
      name: directory.toString('utf8', from + ENTRY_BYTES, nameEnd),
      method: directory.readUInt16LE(from + 10),
      checksum: directory.readUInt32LE(from + 16),
      packedBytes: directory.readUInt32LE(from + 20),
      bytes: directory.readUInt32LE(from + 24),
      at: directory.readUInt32LE(from + 42),
    })
    from = nameEnd + directory.readUInt16LE(from + 30) + directory.readUInt16LE(from + 32)
  }
  return entries
}

/** Reads and unpacks one file of an archive; refuses one that is not what the table of contents says. */
export async function readZipEntry(read: ReadBytes, entry: ZipEntry): Promise<Buffer> {
  const local = await read(entry.at, entry.at + LOCAL_BYTES)
  if (local.readUInt32LE(0) !== LOCAL) throw new Error(`Cannot read ${entry.name}: it is not where the archive says`)
  const start = entry.at + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
  const packed = await read(start, start + entry.packedBytes)
  const bytes = unpack(packed, entry)
  if (bytes.length !== entry.bytes || crc32(bytes) !== entry.checksum) {
    throw new Error(`Cannot read ${entry.name}: it is damaged`)
  }
  return bytes
}

function unpack(packed: Buffer, { name, method, bytes }: ZipEntry): Buffer {
  if (method === STORED) return packed
  if (method !== DEFLATED) throw new Error(`Cannot read ${name}: it is packed by method ${method}, not by deflate`)
  // No more than promised: a small archive can hold what fills the memory.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) })
}
