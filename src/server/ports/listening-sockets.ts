import { endianness } from 'node:os'
import { readSystemFile } from '../../supervisor/proc-files.ts'
import { normalizeAddress, unmapAddress } from './ip-address.ts'

/** A listening socket, as Linux tells it. */
export interface ListeningSocket {
  readonly address: string
  readonly port: number
  /** Its user. */
  readonly uid: number
  readonly inode: string
}

const LISTEN = '0A'

/** Each word of 32 bits is written as the machine has it in memory. */
function decodeAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16))
  const address = normalizeAddress(words.join(':'))
  return unmapAddress(address) ?? address
}

function parseLine(line: string): ListeningSocket | undefined {
  const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/)
  const [address, port] = local.split(':')
  if (state !== LISTEN || address === undefined || port === undefined) return undefined
  return { address: decodeAddress(address), port: Number.parseInt(port, 16), uid: Number(uid), inode }
}

/** All of this machine, or of its network namespace; none where the system does not tell. Addresses have no scope. */
export function readListeningSockets(folder = '/proc/net'): readonly ListeningSocket[] {
  const files = ['tcp', 'tcp6'].map((name) => readSystemFile(`${folder}/${name}`) ?? '')
  return files.flatMap((text) =>
    text
      .split('\n')
      .slice(1)
      .flatMap((line) => parseLine(line) ?? []),
  )
}
