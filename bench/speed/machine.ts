import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { PEERS, readVersion } from '../robustness/peers.ts'
import type { Run } from './question.ts'

/** What figures belong to. */
export interface Machine {
  readonly day: string
  readonly system: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  /** Programs that wanted a core, on average of the minute before. */
  readonly load: number
  readonly versions: Readonly<Record<string, string>>
}

/** The version of Python; `undefined` where there is none. */
export function findPython(): string | undefined {
  const { status, stdout } = spawnSync('python3', ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim().replace(/^Python /, '') : undefined
}

export function readMachine({ hasPeers, hasPython }: Pick<Run, 'hasPeers' | 'hasPython'>): Machine {
  const packages = hasPeers ? [...new Set(PEERS.map((peer) => peer.package))] : ['eisenmp']
  const versions = Object.fromEntries(packages.map((name) => [name, readVersion(name)]))
  const python = hasPython ? findPython() : undefined
  return {
    day: new Date().toISOString().slice(0, 10),
    system: `${process.platform} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0]!,
    versions: { Node: process.versions.node, ...versions, ...(python !== undefined && { Python: python }) },
  }
}

export function describeMachine({ day, system, cpu, cores, memoryGb, load, versions }: Machine): string {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${day}, ${system}, ${cores} cores (${cpu}), ${memoryGb} GB, load ${load.toFixed(1)} before. ${list.join(', ')}.`
}
