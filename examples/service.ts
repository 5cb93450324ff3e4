// How does a route of a web service compute on all cores? It has a pool behind it: the route maps over every core and streams
// the results, in order, as they come. A client that leaves ends the work.
//   node examples/service.ts            serves until Ctrl-C
//   node examples/service.ts --quick    asks once and ends
import { availableParallelism } from 'node:os'
import { serve } from 'eisenmp/server'
import { runProgram } from './lib/program.ts'
import type { JobOptions } from './lib/job-options.ts'
import { serveUntil } from './lib/serve-until.ts'

async function askPrimes(url: string): Promise<string> {
  const text = await (await fetch(`${url}/primes?below=200000`)).text()
  const lines = text.trimEnd().split('\n')
  return `${lines.length} primes in order, the last ${lines.at(-1)}`
}

async function runService({ quick, workers }: JobOptions): Promise<string> {
  const servers = await serve({
    module: new URL('./service.server.ts', import.meta.url),
    // One worker answers; the cores are for the pool behind it, less the one for answers.
    workers: 1,
    config: { poolWorkers: Math.max(1, Math.min(workers, availableParallelism() - 1)) },
    port: quick ? 0 : 3000,
    onPortBusy: 'next',
  })
  const tryIt = `curl -N "${servers.url}/primes?below=1000000"`
  return serveUntil(servers, { quick, tryIt }, () => askPrimes(servers.url))
}

await runProgram({
  summary: 'An HTTP route that computes on all cores and streams the results.',
  flags: ['quick', 'workers', 'help'],
  run: runService,
})
