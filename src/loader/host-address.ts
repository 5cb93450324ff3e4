import { BlockList, isIP, isIPv4 } from 'node:net'

/** Where an address leads, seen from this machine. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'never'

function list(...subnets: readonly (readonly [net: string, prefix: number, family: 'ipv4' | 'ipv6'])[]): BlockList {
  const blocked = new BlockList()
  for (const [net, prefix, family] of subnets) blocked.addSubnet(net, prefix, family)
  return blocked
}

const loopback = list(['127.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6'])

const privates = list(
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
)

/** Metadata of clouds, this network, carriers' networks, benchmarks, documentation, multicast, reserved. */
const never = list(
  ['0.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  // AWS
  ['fd00:ec2::', 32, 'ipv6'],
  // These hold an IPv4 address of any kind: Teredo and its like, 6to4.
  ['2001::', 23, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
)

/** All that is given out so far; outside of it are NAT64, link-local and multicast addresses. */
const global = list(['2000::', 3, 'ipv6'])

/** Tells by the number alone; what is no plain address leads nowhere. An IPv4 address mapped into IPv6 is that one. */
export function classifyAddress(address: string): AddressKind {
  if (isIP(address) === 0 || address.includes('%')) return 'never'
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  if (never.check(address, family)) return 'never'
  if (loopback.check(address, family)) return 'loopback'
  if (privates.check(address, family)) return 'private'
  return family === 'ipv4' || global.check(address, 'ipv6') ? 'public' : 'never'
}

/** The host of a URL, an IPv6 address without its brackets. */
export function readHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** Whether a URL names this machine, as far as can be told without asking. */
export function namesLoopback(url: URL): boolean {
  const host = readHost(url)
  return host === 'localhost' || host.endsWith('.localhost') || classifyAddress(host) === 'loopback'
}
