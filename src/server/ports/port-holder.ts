import { readdirSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { readSystemFile } from '../../supervisor/proc-files.ts'
import { isHeldHere } from './hold-socket.ts'
import { doOverlap, splitScope } from './ip-address.ts'
import { readListeningSockets } from './listening-sockets.ts'

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function hasSocket(pid: string, links: ReadonlySet<string>): boolean {
  return list(`/proc/${pid}/fd`).some((fd) => {
    try {
      return links.has(readlinkSync(`/proc/${pid}/fd/${fd}`))
    } catch {
      return false
    }
  })
}

/** Program and script only: further arguments may hold secrets, and errors are logged. */
function nameProgram(pid: string): string {
  const words = (readSystemFile(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== '')
  const [program = '?', script] = words
  const named = script === undefined || script.startsWith('-') ? basename(program) : `${basename(program)} ${script}`
  const plain = named.replaceAll(/[^\x20-\x7e]/g, '?')
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain
}

/**
 * Says who listens at a port of this machine: "process 4711 (node shop.ts)". Linux tells of one's own processes, root of all;
 * of others only the user is known.
 */
export function describeHolder(address: string, port: number): string {
  if (isHeldHere(address, port)) return 'this program itself'
  const { bare } = splitScope(address)
  const rivals = readListeningSockets().filter((socket) => socket.port === port && doOverlap(socket.address, bare))
  const [first] = rivals
  if (first === undefined) return 'another program'
  const links = new Set(rivals.map(({ inode }) => `socket:[${inode}]`))
  if (hasSocket('self', links)) return 'this program itself'
  const pids = list('/proc').filter((name) => /^\d+$/.test(name))
  // A socket that a family of processes shares was most likely made by the first of them.
  const pid = pids.toSorted((a, b) => Number(a) - Number(b)).find((each) => hasSocket(each, links))
  return pid === undefined ? `a process of the user with id ${first.uid}` : `process ${pid} (${nameProgram(pid)})`
}
