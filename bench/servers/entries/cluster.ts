// node:cluster as its documentation shows it: the next worker listens before the old one is disconnected, and gets two
// seconds to end.
import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { handle } from '../handler.ts'

async function reload(): Promise<void> {
  for (const old of Object.values(cluster.workers ?? {})) {
    await once(cluster.fork(), 'listening')
    const timer = setTimeout(() => old?.kill('SIGKILL'), 2000)
    old?.disconnect()
    if (old !== undefined) await once(old, 'exit')
    clearTimeout(timer)
  }
  console.log('reloaded')
}

if (cluster.isPrimary) {
  cluster.on('exit', ({ exitedAfterDisconnect }) => {
    if (!exitedAfterDisconnect) cluster.fork()
  })
  process.on('SIGHUP', () => void reload())
  await Promise.all([cluster.fork(), cluster.fork()].map((worker) => once(worker, 'listening')))
  console.log('ready')
} else {
  createServer(handle).listen(Number(process.env['PORT']), '127.0.0.1')
}
