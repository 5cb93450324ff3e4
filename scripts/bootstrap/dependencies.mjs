import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BootstrapError } from './failures.mjs'
import { withInstallLock } from './install-lock.mjs'
import { runNpmCi } from './npm.mjs'
import { root } from './root.mjs'

const lockPath = join(root, 'package-lock.json')
const installedPath = join(root, 'node_modules', '.package-lock.json')
const stampPath = join(root, 'node_modules', '.eisenmp-stamp')

/**
 * Installs the dependencies when they are missing or not those of the lock file. The stamp in `node_modules` makes the
 * second call cost one hash; it vanishes with `node_modules`, so it can never vouch for what is not there.
 *
 * @param {{ path: string, version: string }} node
 */
export async function ensureDependencies(node) {
  if (!existsSync(lockPath)) throw new BootstrapError('Cannot install the dependencies: package-lock.json is missing.')
  const stamp = toStamp(node)
  // Within a test run of the gate `node_modules` is in use, by another Node than this one perhaps.
  if (process.env.EISENMP_EXPECT_NODE || readText(stampPath) === stamp) return
  await withInstallLock('dependencies', async () => {
    if (readText(stampPath) === stamp) return
    if (!isLoadable(node) || !isComplete()) {
      console.error(`Installing the dependencies with Node ${node.version} (once) …`)
      await runNpmCi({ node: node.path, folder: root, what: 'the dependencies', isComplete })
    }
    writeFileSync(stampPath, stamp)
  })
}

/** What was installed for one major may hold builds that another cannot load. */
function toStamp({ version }) {
  const hash = createHash('sha256').update(readFileSync(lockPath)).digest('hex')
  return `${hash} ${version.split('.')[0]}`
}

function isLoadable({ version }) {
  const major = readText(stampPath)?.split(' ')[1]
  return major === undefined || major === version.split('.')[0]
}

/** After a user's own npm the stamp is missing or old; npm's list of what it installed is compared with the lock file. */
function isComplete() {
  const installed = readText(installedPath)
  if (installed === undefined) return false
  const actual = JSON.parse(installed).packages
  const wanted = JSON.parse(readFileSync(lockPath, 'utf8')).packages
  const isSame = (path) =>
    wanted[path]?.version === actual[path].version && wanted[path]?.integrity === actual[path].integrity
  const isThere = (path) => path === '' || path in actual || !isNeeded(wanted[path])
  return Object.keys(actual).every(isSame) && Object.keys(wanted).every(isThere)
}

/** Of the optional packages the scripts need those that are made for this platform. */
function isNeeded({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return true
  if (!os && !cpu) return false
  return lists(os, process.platform) && lists(cpu, process.arch) && (!libc || lists(libc, findLibc()))
}

function lists(names, name) {
  if (names === undefined) return true
  const all = [names].flat()
  return all.includes(name) || (all.every((other) => other.startsWith('!')) && !all.includes(`!${name}`))
}

function findLibc() {
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
