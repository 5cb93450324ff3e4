import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { doOverlap } from '../../../src/server/ports/ip-address.ts'
import type { PortGroupOptions } from '../../../src/server/ports/port-options.ts'
import type { PlannedWorker } from '../../../src/server/ports/port-plan.ts'
import { planOn } from './plan.ts'

const addresses = ['127.0.0.1', '127.0.0.2', '::1', '192.168.0.1', '0.0.0.0', '::'] as const

/** Ports of 20 numbers, so that groups often want the same ones. */
const ports = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.constant('auto' as const),
  fc.record(
    {
      from: fc.integer({ min: 1, max: 20 }),
      to: fc.integer({ min: 1, max: 60 }),
      step: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ['from'] },
  ),
  fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
)

const groups = fc
  .array(
    fc.record(
      {
        workers: fc.integer({ min: 1, max: 3 }),
        address: fc.constantFrom(...addresses),
        ports,
        share: fc.constantFrom('shared' as const, 'each' as const),
        serversPerWorker: fc.integer({ min: 1, max: 3 }),
        onPortBusy: fc.constantFrom('fail' as const, 'next' as const),
      },
      { requiredKeys: ['workers'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => all.map((group, i): PortGroupOptions => ({ ...group, name: `g${i}` })))

function tryPlan(given: readonly PortGroupOptions[]): readonly PlannedWorker[] | undefined {
  try {
    return planOn({ groups: given })
  } catch (error) {
    assert.match(String(error), /option 'ports' of group 'g\d' of serve\(\): .+; .+/)
    return undefined
  }
}

function isInRange(port: number, given: PortGroupOptions['ports'], reach: number): boolean {
  if (given === 'auto') return port === 0
  if (typeof given === 'number' || given === undefined) {
    const from = given ?? 3000
    return port >= from && port < from + reach
  }
  if ('from' in given) {
    const { from, to = 65_535, step = 1 } = given
    return port >= from && port <= to && (port - from) % step === 0
  }
  return given.includes(port)
}

describe('planPorts()', () => {
  it('never gives out a port twice on addresses that overlap', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const plan = tryPlan(given) ?? []
        const sockets = [...new Set(plan.flatMap(({ servers }) => servers.map(({ socket }) => socket)))]
        for (const [i, one] of sockets.entries()) {
          for (const other of sockets.slice(0, i)) {
            assert.ok(one.port === 0 || one.port !== other.port || !doOverlap(one.address, other.address))
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('gives every worker as many ports as it has servers, all of them in the range of its group', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const plan = tryPlan(given)
        if (plan === undefined) return
        assert.deepEqual(
          plan.map(({ index }) => index),
          plan.map((_, i) => i),
        )
        for (const group of given) {
          const own: readonly PlannedWorker[] = plan.filter((worker) => worker.group === group.name)
          assert.equal(own.length, group.workers)
          const perWorker = group.serversPerWorker ?? 1
          for (const { servers } of own) {
            assert.equal(servers.length, perWorker)
            assert.equal(new Set(servers.map(({ socket }) => socket)).size, perWorker)
            for (const { port } of servers) assert.ok(isInRange(port, group.ports, perWorker * own.length))
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('does not take ports of other groups for busy ones', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const all = (tryPlan(given) ?? []).flatMap(({ servers }) => servers)
        for (const { socket } of new Map(all.map((server) => [server.group, server])).values()) {
          const others = all.filter((other) => other.group !== socket.group && doOverlap(other.address, socket.address))
          const taken = new Set(others.map(({ port }) => port))
          assert.ok(socket.candidates?.every((port) => !taken.has(port)) ?? true)
        }
      }),
    )
  })

  it('lets all workers share port 3000 of loopback without options', () => {
    const plan = planOn({})
    assert.deepEqual(
      plan.map(({ name, cores }) => [name, cores]),
      [0, 1, 2, 3].map((place) => [`main-${place}`, undefined]),
    )
    const servers = plan.flatMap((worker) => worker.servers)
    assert.equal(new Set(servers.map(({ socket }) => socket)).size, 1)
    const { address, family, port, share, how } = servers[3]!
    assert.deepEqual(
      { address, family, port, share, how },
      { address: '127.0.0.1', family: 4, port: 3000, share: 'shared', how: 'inherit' },
    )
  })

  it('gives each server of a worker the same port in all workers when they share', () => {
    const plan = planOn({ port: 4000, serversPerWorker: 2 }, { workers: 3 })
    for (const { servers } of plan)
      assert.deepEqual(
        servers.map(({ port }) => port),
        [4000, 4001],
      )
  })

  it('pins each worker to one of the cores that are allowed, in turn', () => {
    const pinned = [
      { name: 'a', workers: 3 },
      { name: 'b', workers: 3, ports: 4000, cores: 'each' },
    ] as const
    assert.deepEqual(
      planOn({ groups: pinned }).map(({ cores }) => cores?.join()),
      [undefined, undefined, undefined, '5', '0', '1'],
    )
    assert.deepEqual(planOn({ cores: [4, 0, 4] }, { workers: 1 })[0]!.cores, [0, 4])
  })

  it('lets threads bind their ports themselves', () => {
    assert.equal(planOn({}, { backend: 'threads' })[0]!.servers[0]!.how, 'reuse')
  })

  const overlaps = [
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['0.0.0.0', '192.168.0.1', true],
    ['0.0.0.0', '::1', false],
    ['::', '127.0.0.1', true],
    ['::', '0.0.0.0', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
  ] as const
  for (const [one, other, isRefused] of overlaps) {
    it(`${isRefused ? 'refuses' : 'takes'} one port on ${one} and ${other} in two groups`, () => {
      const plan = (): unknown =>
        planOn({
          groups: [
            { name: 'red', workers: 1, address: one, ports: { from: 11_000 } },
            { name: 'blue', workers: 1, address: other, ports: [11_000] },
          ],
        })
      if (!isRefused) assert.doesNotThrow(plan)
      else
        assert.throws(
          plan,
          /^EisenmpError: Cannot use option 'ports' of group 'blue' of serve\(\): .+:11000 is in group 'red' too, as .+:11000; give them different ports$/,
        )
    })
  }

  it('refuses cores that the program may not use', () => {
    assert.throws(() => planOn({ groups: [{ name: 'red', workers: 1, cores: [0, 2] }] }), {
      message:
        "Cannot use option 'cores' of group 'red' of serve(): this program may not use core 2; it may use 0-1,4-5",
    })
  })
})
