import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** The version that is installed beside this file. */
export function readVersion(name: string): string {
  const path = new URL(`node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/** Installs the packages of this folder, by its lock file, unless they are there. */
export function installPeers(): void {
  if (existsSync(new URL('node_modules/wattpm/package.json', import.meta.url))) return
  process.stderr.write('installing the packages of bench/servers/\n')
  const command = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']
  // On Windows npm is a script for the shell.
  const { status } = spawnSync('npm', command, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('Cannot install the packages: run `npm ci --prefix bench/servers` and see why')
}
