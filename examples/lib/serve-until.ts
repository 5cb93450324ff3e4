import { once } from 'node:events'
import type { Servers } from 'eisenmp/server'

/** Prints where the servers listen. */
function showPlan(servers: Servers): void {
  const width = Math.max(...servers.plan.map(({ worker }) => worker.length))
  const idle = new Set(servers.stats().workers.flatMap(({ name, state }) => (state === 'ready' ? [] : name)))
  for (const { worker, address, port } of servers.plan) {
    if (idle.has(worker)) continue
    console.log(`${worker.padEnd(width)}  http://${address.includes(':') ? `[${address}]` : address}:${port}`)
  }
}

/**
 * Shows where servers listen; then, when it is to be quick, asks them and ends, else serves until Ctrl-C.
 *
 * @param ask - Gives the last line to print.
 */
export async function serveUntil(
  servers: Servers,
  { quick, tryIt }: { readonly quick: boolean; readonly tryIt: string },
  ask: () => Promise<string>,
): Promise<string> {
  showPlan(servers)
  try {
    if (quick) return await ask()
    console.log(`\nTry it: ${tryIt}\nCtrl-C ends; kill -HUP ${process.pid} reloads the code.`)
    await once(process, 'exit')
    return ''
  } finally {
    await servers.close()
  }
}
