import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, it } from 'node:test'
import { type BoundPorts, bindPorts } from '../../../src/server/ports/bind-ports.ts'
import { readListeningSockets } from '../../../src/server/ports/listening-sockets.ts'
import { readMachine } from '../../../src/server/ports/port-facts.ts'
import type { PortFacts } from '../../../src/server/ports/port-facts.ts'
import type { PortOptions } from '../../../src/server/ports/port-options.ts'
import type { PlannedWorker } from '../../../src/server/ports/port-plan.ts'
import { runProgram } from '../../support/run-program.ts'
import { ask, findFreePorts, startProgram, startWorkers } from './listeners.ts'
import { planOn } from './plan.ts'

const notLinux = process.platform !== 'linux' && 'only Linux tells'
const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
const noIPv6 = !hasIPv6 && 'there is no IPv6 here'

function planHere(options: PortOptions, facts: Partial<PortFacts> = {}): readonly PlannedWorker[] {
  return planOn(options, { ...readMachine(), ...facts })
}

async function bind(options: PortOptions, facts?: Partial<PortFacts>): Promise<BoundPorts> {
  return bindPorts(planHere(options, facts))
}

function listPorts({ workers }: BoundPorts): readonly number[] {
  return workers.flatMap(({ servers }) => servers.map(({ port }) => port))
}

function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

/** `address:port` of all that listen, as the command `ss` has it, or Linux itself. */
function listListening(): ReadonlySet<string> {
  try {
    const lines = execFileSync('ss', ['-ltnH'], { encoding: 'utf8' }).split('\n')
    return new Set(lines.map((line) => line.trim().split(/\s+/)[3]!))
  } catch {
    return new Set(
      readListeningSockets().map(
        ({ address, port }) => (address.includes(':') ? `[${address}]` : address) + `:${port}`,
      ),
    )
  }
}

describe('bindPorts()', () => {
  it('has workers listen exactly where the plan says', { skip: notLinux || noIPv6 }, async () => {
    const [red, blue, green] = [await findFreePorts(4), await findFreePorts(2), await findFreePorts(1, '::1')]
    const bound = await bind({
      groups: [
        { name: 'red', workers: [0, 1], ports: { from: red }, serversPerWorker: 2 },
        { name: 'blue', workers: 2, address: '127.0.0.2', ports: { from: blue, step: 1 }, share: 'shared' },
        { name: 'green', workers: 1, address: '::1', ports: green },
      ],
    })
    const planned = bound.workers.flatMap(({ servers }) =>
      servers.map(({ address, family, port }) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`)),
    )
    assert.equal(new Set(planned).size, 6)
    const before = listListening()
    assert.deepEqual(
      planned.filter((endpoint) => before.has(endpoint)),
      [],
    )
    const programs = await startWorkers(bound.workers)
    const after = listListening()
    assert.deepEqual(
      [...new Set(planned)].filter((endpoint) => !after.has(endpoint)),
      [],
    )
    assert.equal(await ask('127.0.0.1', red + 3), 'red-1.1')
    assert.match(await ask('127.0.0.2', blue), /^blue-[01]\.0$/)
    assert.equal(await ask('::1', green), 'green-0.0')
    await Promise.all(programs.map((program) => program.end()))
    bound.close()
    const closed = listListening()
    assert.deepEqual(
      planned.filter((endpoint) => closed.has(endpoint)),
      [],
    )
  })

  it('keeps connections waiting while no worker of a port is alive', async () => {
    const bound = await bind({ port: 0 }, { workers: 1 })
    const [port] = listPorts(bound)
    const [first] = await startWorkers(bound.workers)
    await first!.end()
    const answer = ask('127.0.0.1', port!)
    const [second] = await startWorkers(bound.workers)
    assert.equal(await answer, 'main-0.0')
    await second!.end()
    bound.close()
    assert.equal(await ask('127.0.0.1', port!), 'ECONNREFUSED')
  })

  it('lets the system choose one port for all, or one for each', async () => {
    const shared = await bind({ port: 0 }, { workers: 3 })
    assert.equal(new Set(listPorts(shared)).size, 1)
    assert.ok(listPorts(shared)[0]! > 0)
    const each = await bind({ groups: [{ name: 'red', workers: 100, ports: 'auto', serversPerWorker: 3 }] })
    assert.equal(new Set(listPorts(each)).size, 300)
    const descriptors = each.workers.flatMap(({ servers }) => servers.map(({ fd }) => fd))
    assert.equal(new Set(descriptors).size, 300)
    shared.close()
    each.close()
  })

  it('takes both families at ::, and only one at 0.0.0.0', { skip: noIPv6 }, async () => {
    for (const address of ['::', '0.0.0.0']) {
      const bound = await bind({ port: 0, address }, { workers: 1 })
      const programs = await startWorkers(bound.workers)
      const [port] = listPorts(bound)
      const answers = [await ask('127.0.0.1', port!), await ask('::1', port!)]
      assert.deepEqual(answers, ['main-0.0', address === '::' ? 'main-0.0' : 'ECONNREFUSED'])
      await programs[0]!.end()
      bound.close()
    }
  })

  const linkLocal = Object.entries(networkInterfaces()).flatMap(
    ([adapter, all]) => all?.flatMap(({ address }) => (address.startsWith('fe80') ? [{ adapter, address }] : [])) ?? [],
  )[0]
  it('takes the scope of a link-local address from its adapter', { skip: !linkLocal && 'there is none' }, async () => {
    const bound = await bind({ port: 0, ...linkLocal }, { workers: 1 })
    const [program] = await startWorkers(bound.workers)
    assert.equal(await ask(`${linkLocal!.address}%${linkLocal!.adapter}`, listPorts(bound)[0]!), 'main-0.0')
    await program!.end()
    bound.close()
  })

  it('names the process that has a port', { skip: notLinux }, async () => {
    const other = await startProgram('take-port.ts')
    await assert.rejects(bind({ groups: [{ name: 'red', workers: 1, ports: Number(other.said) }] }), (error: Error) => {
      const start = `Cannot listen at 127.0.0.1:${other.said} for group 'red' of serve(): the port is taken by process ${other.pid} `
      assert.ok(error.message.startsWith(start), error.message)
      assert.match(error.message, /\(node \S+take-port\.ts\); free it, choose another port, or set onPortBusy: 'next'$/)
      assert.equal((error as NodeJS.ErrnoException).code, 'ERR_EISENMP_PORT')
      assert.equal((error.cause as NodeJS.ErrnoException).code, 'EADDRINUSE')
      return true
    })
    // It listens at one address; the wildcard would take that too.
    await assert.rejects(bind({ address: '0.0.0.0', port: Number(other.said) }), /taken by process \d+/)
    ;(await bind({ address: '127.0.0.2', port: Number(other.said) })).close()
    await other.end()
  })

  it('says when the program itself has a port', { skip: notLinux }, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address!.port : 0
    await assert.rejects(bind({ port }), /: the port is taken by this program itself; /)
    server.close()
  })

  it('does not bind a port twice before anybody listens', async () => {
    const bound = await bind({ port: 0 })
    const [port] = listPorts(bound)
    const busy = { message: new RegExp(`:${port} .*: the port is taken by this program itself; `) }
    await assert.rejects(bind({ port: port! }), busy)
    await assert.rejects(bind({ port: port!, address: '0.0.0.0' }), busy)
    bound.close()
    ;(await bind({ port: port! })).close()
  })

  it('does not join a port that another program shares', { skip: notLinux }, async () => {
    const other = await startProgram('take-port.ts', '127.0.0.1', '0', 'reuse')
    for (const backend of ['processes', 'threads'] as const) {
      await assert.rejects(bind({ port: Number(other.said) }, { backend }), /taken by process \d+ \(node/)
    }
    await other.end()
  })

  it('takes the next port that is free, as far as the range goes', async () => {
    const first = await findFreePorts(5)
    const other = await startProgram('take-port.ts', '127.0.0.1', String(first + 1))
    const red = { name: 'red', workers: 3, onPortBusy: 'next' } as const
    const bound = await bind({ groups: [{ ...red, ports: { from: first, to: first + 3 } }] })
    assert.deepEqual(listPorts(bound), [first, first + 2, first + 3])
    bound.close()
    await assert.rejects(
      bind({ groups: [{ ...red, ports: { from: first, to: first + 2 } }] }),
      /: the port is taken by .+, and no other of the 3 ports of the group is free; give it more$/,
    )
    const shared = await bind({ port: first + 1, onPortBusy: 'next' })
    assert.deepEqual([...new Set(listPorts(shared))], [first + 2])
    shared.close()
    await other.end()
  })

  it('takes no port of another group instead of a busy one', async () => {
    const first = await findFreePorts(4)
    const other = await startProgram('take-port.ts', '127.0.0.1', String(first))
    const groups = [
      { name: 'red', workers: 1, ports: first, onPortBusy: 'next' },
      { name: 'blue', workers: 1, address: '0.0.0.0', ports: first + 1, onPortBusy: 'next' },
      { name: 'green', workers: 1, address: '127.0.0.1', ports: first + 2 },
    ] as const
    const bound = await bind({ groups })
    assert.deepEqual(listPorts(bound), [first + 3, first + 1, first + 2])
    bound.close()
    await other.end()
  })

  it('gives everything back when one of many ports is busy', { skip: notLinux }, async () => {
    const first = await findFreePorts(50)
    const other = await startProgram('take-port.ts', '127.0.0.1', String(first + 49))
    const before = countDescriptors()
    await assert.rejects(bind({ groups: [{ name: 'red', workers: 50, ports: { from: first } }] }), {
      code: 'ERR_EISENMP_PORT',
    })
    assert.equal(countDescriptors(), before)
    const bound = await bind({ groups: [{ name: 'red', workers: 49, ports: { from: first } }] })
    assert.equal(countDescriptors(), before + 49)
    bound.close()
    bound.close()
    assert.equal(countDescriptors(), before)
    await other.end()
  })

  it('refuses addresses of other machines', async () => {
    await assert.rejects(bind({ address: '203.0.113.9', port: 0 }), (error: Error) => {
      const start = 'Cannot listen at 203.0.113.9:0 for serve(): no adapter of this machine has that address; it has '
      assert.ok(error.message.startsWith(start) && error.message.includes('127.0.0.1'), error.message)
      return true
    })
  })

  it('leaves the sockets of threads to them, and keeps their port', { skip: notLinux }, async () => {
    const bound = await bind({ port: 0 }, { backend: 'threads', workers: 2 })
    const [port] = listPorts(bound)
    assert.deepEqual(
      bound.workers.map(({ servers }) => servers[0]!.fd),
      [undefined, undefined],
    )
    const servers = await Promise.all(
      bound.workers.map(async ({ name }) => {
        const server = createServer((socket) => socket.end(name)).listen({
          host: '127.0.0.1',
          port: port!,
          reusePort: true,
        })
        await once(server, 'listening')
        return server
      }),
    )
    const answers = new Set<string>()
    for (let i = 0; i < 100 && answers.size < 2; i++) answers.add(await ask('127.0.0.1', port!))
    assert.deepEqual([...answers].toSorted(), ['main-0', 'main-1'])
    for (const server of servers) server.close()
    bound.close()
  })

  const firstFree = notLinux ? 0 : Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  const anyPort = firstFree < 80 && 'this system lets everybody have port 79'
  it('refuses privileged ports to programs without the right', { skip: notLinux || anyPort }, async () => {
    const { stdout } = await runProgram('bind-as-user.ts', '79')
    const start = 'Cannot listen at 127.0.0.1:79 for serve(): the system keeps ports below'
    assert.equal(
      stdout,
      `${start} ${firstFree} for privileged programs; choose a higher one and put a proxy in front, or give node the right with setcap 'cap_net_bind_service=+ep'\n`,
    )
  })

  const notRoot = process.getuid?.() !== 0 && 'only root can become another user'
  it('names the user of a process that it may not look into', { skip: notLinux || notRoot }, async () => {
    const other = await startProgram('take-port.ts')
    const { stdout } = await runProgram('bind-as-user.ts', other.said)
    assert.match(stdout, /: the port is taken by a process of the user with id 0; /)
    await other.end()
  })
})
