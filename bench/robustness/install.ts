import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Peer } from './contract.ts'

const FOLDER = fileURLToPath(new URL('../', import.meta.url))

function isInstalled(packageName: string): boolean {
  return (
    packageName === 'eisenmp' || existsSync(new URL(`../node_modules/${packageName}/package.json`, import.meta.url))
  )
}

/** Installs the packages of this folder, by its lock file, unless those of the asked pools are there. */
export function installPeers(peers: readonly Peer[]): void {
  if (peers.every((peer) => isInstalled(peer.package))) return
  process.stderr.write('installing the packages of bench/\n')
  const command = ['ci', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund']
  // On Windows npm is a script for the shell.
  const { status } = spawnSync('npm', command, {
    cwd: FOLDER,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('Cannot install the packages of bench/: run `npm ci --prefix bench` and see why')
}
