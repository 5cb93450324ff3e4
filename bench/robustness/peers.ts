import { readFileSync } from 'node:fs'
import type { Peer } from './contract.ts'
import { peers as eisenmp } from './peers/eisenmp.ts'
import { peers as jestWorker } from './peers/jest-worker.ts'
import { peers as piscina } from './peers/piscina.ts'
import { peers as poolifier } from './peers/poolifier.ts'
import { peers as tinypool } from './peers/tinypool.ts'
import { peers as workerpool } from './peers/workerpool.ts'

/** All pools, in the order of the table's columns. No file of theirs loads its package before `open`. */
export const PEERS: readonly Peer[] = [...eisenmp, ...piscina, ...tinypool, ...workerpool, ...poolifier, ...jestWorker]

/** The version that is installed beside this file, or the repository's own. */
export function readVersion(packageName: string): string {
  const path = packageName === 'eisenmp' ? '../../package.json' : `../node_modules/${packageName}/package.json`
  const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }
  return manifest.version
}
