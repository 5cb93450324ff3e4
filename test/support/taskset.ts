import { spawnSync } from 'node:child_process'

/** Why tests that pin are skipped here; `false` when they can run. */
export function findTaskset(): string | false {
  if (process.platform !== 'linux') return 'only Linux pins'
  return spawnSync('taskset', ['--version']).error === undefined ? false : 'there is no taskset'
}
