// How do many servers run in each worker, in groups with ports of their own? Three colours, two workers each, two servers in
// every worker: twelve ports, one database. `planServers` tells what will listen where before anything starts.
//   node examples/colours.ts            serves until Ctrl-C
//   node examples/colours.ts --quick    visits every server once and ends
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PortGroupOptions, planServers, serve } from 'eisenmp/server'
import { runProgram } from './lib/program.ts'
import type { JobOptions } from './lib/job-options.ts'
import { serveUntil } from './lib/serve-until.ts'
import { createDatabase } from './lib/database.ts'

const groups: PortGroupOptions[] = [
  { name: 'red', workers: 2, ports: { from: 11_000 }, serversPerWorker: 2, onPortBusy: 'next' },
  { name: 'green', workers: 2, ports: { from: 13_000 }, serversPerWorker: 2, onPortBusy: 'next' },
  { name: 'blue', workers: 2, ports: { from: 15_000 }, serversPerWorker: 2, onPortBusy: 'next' },
]

async function visitAll(urls: readonly string[]): Promise<string> {
  let last = ''
  for (const url of urls) last = await (await fetch(url)).text()
  return last.trim()
}

async function runColours({ quick }: JobOptions): Promise<string> {
  console.log(`${planServers({ groups }).length} servers are planned`)
  const folder = await mkdtemp(join(tmpdir(), 'colours-'))
  const database = join(folder, 'visits.sqlite')
  try {
    const servers = await serve({
      module: new URL('./colours.server.ts', import.meta.url),
      groups,
      config: { database },
      prepare: () => createDatabase(database, 'visits (colour TEXT PRIMARY KEY, count INTEGER NOT NULL)'),
    })
    const urls = servers.plan.map(({ address, port }) => `http://${address}:${port}`)
    return await serveUntil(servers, { quick, tryIt: `curl ${urls[0]}` }, () => visitAll(urls))
  } finally {
    await rm(folder, { recursive: true })
  }
}

await runProgram({
  summary: 'Three groups of workers, many servers in each, one database.',
  flags: ['quick', 'help'],
  run: runColours,
})
