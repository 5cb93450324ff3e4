/**
 * Runs the tests on the Node that runs this file: all of `test/`, or the files and folders that are named.
 *
 *     node scripts/test.ts [--spec] [path...]
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { ensureBuilt } from './shared/build.ts'
import { listFiles } from './shared/list-files.ts'
import { toNodeEnv } from './shared/manifest.ts'
import { toPath } from './shared/root.ts'

/** Tests start workers of their own; more files at a time than this only make each other slow. */
const concurrency = Math.min(4, Math.max(2, availableParallelism()))
/** Of one test; Node 22 applies it to a whole file too, so there it has to be that of the longest. */
const timeoutMs = process.version.startsWith('v22.') ? 600_000 : 120_000
/** Since Node 24 nothing ends a file that has ended its tests and keeps a handle open. */
const limitMs = 1_200_000

function findTests(paths: readonly string[]): string[] {
  if (paths.length === 0) return listFiles('test', /\.test\.ts$/)
  return paths.flatMap((path) => {
    if (!existsSync(toPath(path))) throw new Error(`Cannot run the tests: there is no ${path}`)
    return statSync(toPath(path)).isDirectory() ? listFiles(path, /\.test\.ts$/) : [path]
  })
}

async function runTests(args: readonly string[]): Promise<number> {
  const files = findTests(args.filter((arg) => !arg.startsWith('--')))
  if (files.length === 0) throw new Error('Cannot run the tests: there is no test/**/*.test.ts')
  const reporter = args.includes('--spec') ? 'spec' : toPath('scripts/test-reporter.ts')
  const options = [`--test-concurrency=${concurrency}`, `--test-timeout=${timeoutMs}`, `--test-reporter=${reporter}`]
  const child = spawn(process.execPath, ['--test', ...options, '--test-reporter-destination=stdout', ...files], {
    cwd: toPath('.'),
    env: toNodeEnv(),
    stdio: 'inherit',
  })
  const timer = setTimeout(() => {
    console.error(`The tests have not ended in ${limitMs / 1000} s: a test hangs, or keeps a handle open`)
    child.kill('SIGINT')
  }, limitMs)
  const code = await awaitEnd(child)
  clearTimeout(timer)
  return code
}

function awaitEnd(child: ChildProcess): Promise<number> {
  // The terminal interrupts the child as well; it prints what it has.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const ending = Promise.withResolvers<number>()
  child.on('error', ending.reject)
  child.on('exit', (code, signal) => ending.resolve(code ?? (signal === 'SIGINT' ? 130 : 143)))
  return ending.promise
}

const built = await ensureBuilt()
// Tests of src/ tell more than a compiler's message about dist/, so they run all the same.
if (!built.ok) console.error(`The build failed, so tests of dist/ see an old one or none:\n${built.output}\n`)
const code = await runTests(process.argv.slice(2))
process.exitCode = built.ok ? code : code || 1
