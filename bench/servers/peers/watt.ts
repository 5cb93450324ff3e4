import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { askWho, findWorkers } from '../ask.ts'
import { readVersion } from '../install.ts'
import type { Peer } from '../peer.ts'
import { Program, runCommand } from '../program.ts'

const bin = fileURLToPath(new URL('../node_modules/wattpm/bin/cli.js', import.meta.url))
const folder = fileURLToPath(new URL('../entries/watt/', import.meta.url))

async function untilSilent(port: number): Promise<void> {
  for (const endsAt = performance.now() + 30_000; performance.now() < endsAt;) {
    if ((await askWho(port)) === undefined) return
    await sleep(20)
  }
  throw new Error(`Watt does not end: something answers on port ${port}`)
}

/** Workers are threads. `restart` of its command line is what we call a reload, and `reload` what we call a restart. */
export const watt: Peer = {
  name: 'Watt',
  version: () => readVersion('wattpm'),
  isOneProcess: true,
  workers: 2,
  async start(port) {
    const env = { PORT: String(port) }
    const program = new Program([bin, 'start', folder], env)
    const ended = once(program.child, 'exit')
    const [worker] = await findWorkers(port)
    let pid = Number.parseInt(worker!, 10)
    const run = (...args: string[]): Promise<string> => runCommand([bin, ...args], env)
    return {
      root: () => pid,
      reload: async () => void (await run('restart', String(pid))),
      async restart() {
        await run('reload', String(pid))
        const [next] = await findWorkers(port)
        pid = Number.parseInt(next!, 10)
      },
      async stop() {
        await run('stop', String(pid))
        await Promise.all([ended, untilSilent(port)])
      },
    }
  },
}
