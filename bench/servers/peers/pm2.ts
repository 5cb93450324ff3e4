import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findWorkers } from '../ask.ts'
import { readVersion } from '../install.ts'
import type { Peer } from '../peer.ts'
import { runCommand } from '../program.ts'

const bin = fileURLToPath(new URL('../node_modules/pm2/bin/pm2', import.meta.url))
const entry = fileURLToPath(new URL('../entries/pm2.mjs', import.meta.url))

/** Its daemon lives in a folder of its own, and ends with it. */
export const pm2: Peer = {
  name: 'pm2',
  version: () => readVersion('pm2'),
  isOneProcess: false,
  workers: 2,
  async start(port) {
    const home = mkdtempSync(join(tmpdir(), 'eisenmp-bench-pm2-'))
    const env = { PM2_HOME: home, PORT: String(port), PM2_DISABLE_VERSION_CHECK: 'true' }
    const run = (...args: string[]): Promise<string> => runCommand([bin, ...args], env)
    await run('start', entry, '-i', '2', '--name', 'bench')
    await findWorkers(port)
    return {
      root: () => Number(readFileSync(join(home, 'pm2.pid'), 'utf8')),
      reload: async () => void (await run('reload', 'bench')),
      restart: async () => void (await run('restart', 'bench')),
      async stop() {
        await run('kill')
        rmSync(home, { recursive: true, force: true })
      },
    }
  },
}
