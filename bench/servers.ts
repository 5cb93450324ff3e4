// What do two workers on one port do, and what is lost when they change? `node servers.ts [--quick] [--write]`
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release } from 'node:os'
import { parseArgs } from 'node:util'
import { installPeers } from './servers/install.ts'
import type { Extent } from './servers/measure.ts'
import { type PeerResults, renderBench, writeBench } from './servers/page.ts'
import type { Peer } from './servers/peer.ts'
import { cluster } from './servers/peers/cluster.ts'
import { processes, threads } from './servers/peers/eisenmp.ts'
import { pm2 } from './servers/peers/pm2.ts'
import { single } from './servers/peers/single.ts'
import { watt } from './servers/peers/watt.ts'
import { type RoundResult, measureRound } from './servers/round.ts'

const PEERS: readonly Peer[] = [processes, threads, cluster, pm2, watt, single]
const USAGE = `usage: node servers.ts [options]
  --quick         one short round
  --rates         what requests cost only, nothing happens
  --rounds <n>    as many rounds (3)
  --only <name>   those whose name begins so, may be given again
  --write         write the tables to docs/servers.md
  --json <file>   write every single measurement, with what happened in each second`

function describeRun(peers: readonly Peer[], command: string, load: number): string {
  const versions = peers.flatMap(({ name, version }) => (version() === undefined ? [] : [`${name} ${version()}`]))
  const list = [`Node ${process.versions.node}`, ...versions].join(', ')
  const day = new Date().toISOString().slice(0, 10)
  const cpu = cpus()[0]?.model.trim() ?? 'unknown'
  return `\`${command}\`: ${day}, ${process.platform} ${release()}, ${availableParallelism()} cores (${cpu}), load ${load.toFixed(1)} before. ${list}. Two workers each, all in turn in every round; the median, in brackets all rounds.`
}

function select(prefixes: readonly string[] | undefined): readonly Peer[] {
  if (prefixes === undefined) return PEERS
  const chosen = PEERS.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)))
  if (chosen.length === 0) throw new Error(`Nothing is named so: there are ${PEERS.map(({ name }) => name).join(', ')}`)
  return chosen
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rates: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const peers = select(values.only)
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`Cannot run this many rounds: ${values.rounds}`)
  const times = values.quick ? { rateMs: 1500, aroundMs: 800 } : { rateMs: 5000, aroundMs: 1500 }
  const extent: Extent = { ...times, hasEvents: !values.rates }
  installPeers()
  const load = loadavg()[0]!
  const found: RoundResult[] = []
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another one: nobody is always the first.
    for (const at of peers.keys()) {
      const peer = peers[(at + round) % peers.length]!
      found.push(
        await measureRound(peer, extent, (what) => void process.stderr.write(`${round + 1} ${peer.name}: ${what}\n`)),
      )
    }
  }
  const results: PeerResults[] = peers.map(({ name }) => ({ name, rounds: found.filter(({ peer }) => peer === name) }))
  const command = `node bench/servers.ts${values.quick ? ' --quick' : ''}${values.rates ? ' --rates' : ''}${values.rounds === undefined ? '' : ` --rounds ${rounds}`}`
  const head = describeRun(peers, command, load)
  const text = renderBench(results, head)
  console.log(text)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ head, found }, undefined, 1)}\n`)
  if (values.write) writeBench(text)
}

await main()
