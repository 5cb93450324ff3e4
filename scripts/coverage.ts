/** Runs the tests and prints how much of `src/` they reach, in workers and child processes too. */
import { spawnSync } from 'node:child_process'
import { toBin, toNodeEnv } from './shared/manifest.ts'
import { toPath } from './shared/root.ts'

const options = ['--include', 'src/**', '--reporter', 'text', '--reporter', 'html', '--temp-directory', 'temp/coverage']
const command = [process.execPath, 'scripts/test.ts', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, [toBin('c8', 'c8'), ...options, ...command], {
  cwd: toPath('.'),
  env: toNodeEnv(),
  stdio: 'inherit',
})
process.exitCode = status ?? 1
