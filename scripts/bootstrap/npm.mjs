import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { toNpmError, toNpmMissingError } from './failures.mjs'

/**
 * `npm ci` in a folder, run by the given Node. Quiet when all is well; throws a BootstrapError otherwise.
 *
 * npm counts it as well done when an optional package could not be fetched or written; the packages for one platform are
 * optional all, so `isComplete` has the last word.
 *
 * @param {{ node: string, folder: string, what: string, isComplete: () => boolean, instead?: string[] }} options
 */
export async function runNpmCi({ node, folder, what, isComplete, instead }) {
  const args = [
    'ci',
    // NODE_ENV=production or a user's "omit" must not leave out what the scripts need.
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    // Says why an optional package was left out.
    '--loglevel=verbose',
    // npm's own pauses between tries add up to more than a minute before a missing network is told.
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ]
  const { command, prefix, shell } = findNpm(node, what)
  const tried = `npm ci in ${folder}, on ${node}`
  const { code, output } = await capture(command, [...prefix, ...args], { cwd: folder, env: toNodeEnv(node), shell })
  if (code !== 0 || !isComplete()) throw toNpmError({ what, tried, output, code, instead })
}

/**
 * The environment in which `node` means the given one, also for scripts that start with `#!/usr/bin/env node`.
 *
 * @param {string} node
 */
export function toNodeEnv(node) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [key]: `${dirname(node)}${delimiter}${process.env[key] ?? ''}` }
}

/** npm's own script is started by the Node we chose; a wrapper (npm.cmd, a shell script) finds it by PATH. */
function findNpm(node, what) {
  const npmPath = [process.env.npm_execpath, ...listOnPath('npm')].find((path) => path && isNpm(path))
  if (npmPath) return { command: node, prefix: [realpathSync(npmPath)], shell: false }
  if (listOnPath(process.platform === 'win32' ? 'npm.cmd' : 'npm').length > 0) {
    return { command: 'npm', prefix: [], shell: process.platform === 'win32' }
  }
  throw toNpmMissingError(what)
}

function isNpm(path) {
  return existsSync(path) && basename(realpathSync(path)) === 'npm-cli.js'
}

function listOnPath(name) {
  const folders = (process.env.PATH ?? process.env.Path ?? '').split(delimiter)
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  return [...folders.map((folder) => join(folder, name)), ...(name === 'npm' ? [beside] : [])].filter((path) =>
    existsSync(path),
  )
}

function capture(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (data) => {
      output += String(data)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }))
  })
}
