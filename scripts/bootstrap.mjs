/**
 * Runs a job of this repository on a Node that fits, from a fresh clone as well as from a ready one.
 *
 *     node scripts/bootstrap.mjs <job> [arguments]
 *
 * This file and `bootstrap/` run on whatever Node the user has (18 and later), so they are plain JavaScript without any
 * dependency. Everything after them runs on a Node of the floor in package.json, and may be TypeScript.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { BootstrapError, explainError } from './bootstrap/failures.mjs'
import { findFittingNode, installNode } from './bootstrap/nodes.mjs'
import { root } from './bootstrap/root.mjs'
import { runJob } from './bootstrap/run-job.mjs'

/** Job name to the file that does it, relative to the root. */
const jobs = {
  start: 'examples/main-job.ts',
  test: 'scripts/test.ts',
  check: 'scripts/check.ts',
  build: 'scripts/build.ts',
  fix: 'scripts/fix.ts',
  api: 'scripts/api-report.ts',
  coverage: 'scripts/coverage.ts',
  doctest: 'scripts/doctest.ts',
}

const usage = [
  'Usage: node scripts/bootstrap.mjs <job> [arguments]',
  '',
  `  ${Object.keys(jobs).join(' | ')}`,
  '  run <file> [arguments]   any script of this repository, e.g. one of bench/',
  '  which [major]            print the path of the Node that is used; with a major, install that one',
].join('\n')

/** @param {string[]} argv */
function toCommand([job, ...rest]) {
  const file = job === 'run' ? rest.shift() : Object.hasOwn(jobs, job ?? '') ? jobs[job] : undefined
  if (!file) throw new BootstrapError(usage, 2)
  if (existsSync(join(root, file))) return [file, ...rest]
  const folder = job === 'start' ? 'examples' : undefined
  const others = folder && existsSync(join(root, folder)) ? readdirSync(join(root, folder)).join(', ') : ''
  throw new BootstrapError(`Cannot run "${job}": ${file} is missing.${others ? ` There is: ${others}` : ''}`)
}

async function main() {
  const [job, ...rest] = process.argv.slice(2)
  if (job === 'which') {
    const node = rest[0] ? await installNode(rest[0]) : await findFittingNode()
    console.log(node.path)
    return
  }
  const command = toCommand([job, ...rest])
  const node = await findFittingNode()
  await ensureDependencies(node)
  // These import the package by its name, that is, from dist/; the other jobs build for themselves.
  const isBuilt = job === 'start' || job === 'run' ? await runJob(node, ['scripts/build.ts', '--if-stale']) : true
  if (isBuilt) await runJob(node, command)
}

try {
  await main()
} catch (error) {
  console.error(explainError(error))
  process.exitCode = error instanceof BootstrapError ? error.exitCode : 1
}
