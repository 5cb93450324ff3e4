// What if there are more workers than work? Sixteen workers are asked for, thirteen radios are to be had: each worker takes
// the radio of its number, with a server of its own, and the three without one end by themselves.
//   node examples/more-workers.ts            serves until Ctrl-C
//   node examples/more-workers.ts --quick    listens to every radio once and ends
import { serve } from 'eisenmp/server'
import { runProgram } from './lib/program.ts'
import type { JobOptions } from './lib/job-options.ts'
import { radios } from './lib/radios.ts'
import { serveUntil } from './lib/serve-until.ts'

async function runRadios({ quick }: JobOptions): Promise<string> {
  const servers = await serve({
    module: new URL('./more-workers.server.ts', import.meta.url),
    backend: 'threads',
    groups: [{ name: 'radio', workers: 16, ports: 'auto', share: 'each' }],
  })
  const listen = async (): Promise<string> => {
    const { workers } = servers.stats()
    const urls = servers.plan.slice(0, radios.length).map(({ address, port }) => `http://${address}:${port}`)
    const names = await Promise.all(urls.map(async (url) => (await fetch(url)).text()))
    for (const name of names) console.log(name.trim())
    const ended = workers.filter(({ state }) => state !== 'ready').length
    return `${names.length} radios play, ${ended} workers had nothing to do`
  }
  return serveUntil(servers, { quick, tryIt: `curl ${servers.url}` }, listen)
}

await runProgram({
  summary: 'More workers than work: those without any end by themselves.',
  flags: ['quick', 'help'],
  run: runRadios,
})
