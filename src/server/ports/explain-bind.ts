import { networkInterfaces } from 'node:os'
import { EisenmpError } from '../../errors.ts'
import { readSystemFile } from '../../supervisor/proc-files.ts'
import { formatEndpoint } from './ip-address.ts'
import { describeHolder } from './port-holder.ts'
import type { PlannedSocket } from './port-plan.ts'

function readCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}

export function isBusy(error: unknown): boolean {
  return readCode(error) === 'EADDRINUSE'
}

function explainRight(): string {
  const first = readSystemFile('/proc/sys/net/ipv4/ip_unprivileged_port_start')?.trim() ?? '1024'
  const right = "give node the right with setcap 'cap_net_bind_service=+ep'"
  return `the system keeps ports below ${first} for privileged programs; choose a higher one and put a proxy in front, or ${right}`
}

function explainAddress(): string {
  const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])
  return `no adapter of this machine has that address; it has ${own.join(', ')}`
}

function explainBusy({ address, port, candidates }: PlannedSocket): string {
  const holder = `the port is taken by ${describeHolder(address, port)}`
  if (candidates === undefined) return `${holder}; free it, choose another port, or set onPortBusy: 'next'`
  const count = candidates.length === 1 ? '1 port' : `${candidates.length} ports`
  return `${holder}, and no other of the ${count} of the group is free; give it more`
}

/** @param socket - With the port that was tried. */
export function explainBind(socket: PlannedSocket, cause: unknown): EisenmpError {
  const texts: Readonly<Record<string, () => string>> = {
    EADDRINUSE: () => explainBusy(socket),
    EACCES: explainRight,
    EPERM: explainRight,
    EADDRNOTAVAIL: explainAddress,
    EAFNOSUPPORT: () => `this machine has no IPv${socket.family}; choose an address of the other family`,
    EINVAL: () => 'the system does not know the address or its scope; look at the adapters of os.networkInterfaces()',
    ENODEV: () => 'there is no adapter of that name; look at those of os.networkInterfaces()',
    EMFILE: () => 'this program has too many open files; raise the limit with ulimit -n, or use fewer ports',
    ERR_NO_DESCRIPTOR: () => "sockets cannot be inherited on this system; use backend 'threads'",
    ENOTSUP: () => "threads cannot share ports on this system; use backend 'processes'",
  }
  const code = readCode(cause)
  const why = texts[code]?.() ?? `the system says ${code}`
  const text = `Cannot listen at ${formatEndpoint(socket)} for ${socket.whose}: ${why}`
  return new EisenmpError('ERR_EISENMP_PORT', text, { cause })
}
