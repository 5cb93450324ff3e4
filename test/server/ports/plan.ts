import type { PortFacts } from '../../../src/server/ports/port-facts.ts'
import type { PortOptions } from '../../../src/server/ports/port-options.ts'
import type { PlannedWorker } from '../../../src/server/ports/port-plan.ts'
import { planPorts } from '../../../src/server/ports/plan-ports.ts'
import { readPortOptions } from '../../../src/server/ports/read-port-options.ts'

/** A machine with two cards, one of them with both families, one with only a link-local address, and four cores. */
export const machine: PortFacts = {
  where: 'serve()',
  workers: undefined,
  defaultWorkers: 4,
  backend: 'processes',
  adapters: {
    lo: [
      { address: '127.0.0.1', family: 'IPv4' },
      { address: '::1', family: 'IPv6' },
    ],
    eth0: [
      { address: 'fe80::1', family: 'IPv6' },
      { address: 'fd00::2', family: 'IPv6' },
      { address: '192.168.0.1', family: 'IPv4' },
      { address: '192.168.0.2', family: 'IPv4' },
    ],
    eth1: [{ address: '192.168.0.3', family: 'IPv4' }],
    tun0: [{ address: 'fe80::3', family: 'IPv6' }],
  },
  allowedCores: [0, 1, 4, 5],
}

/** Plans as `serve()` would on that machine. */
export function planOn(options: PortOptions, facts: Partial<PortFacts> = {}): readonly PlannedWorker[] {
  const all = { ...machine, ...facts }
  return planPorts(readPortOptions(all.where, options), all)
}
