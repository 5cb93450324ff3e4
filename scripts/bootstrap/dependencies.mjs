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
  if (readText(stampPath) === stamp) return
  await withInstallLock('dependencies', async () => {
    if (readText(stampPath) === stamp) return
    if (!isInstalledByHand(node)) {
      console.error(`Installing the dependencies with Node ${node.version} (once) …`)
      await runNpmCi({ node: node.path, folder: root, what: 'the dependencies' })
    }
    writeFileSync(stampPath, stamp)
  })
}

/** What was installed for one major may hold builds that another cannot load. */
function toStamp({ version }) {
  const hash = createHash('sha256').update(readFileSync(lockPath)).digest('hex')
  return `${hash} ${version.split('.')[0]}`
}

/** After a user's own npm the stamp is missing or old; npm's list of what it installed is compared with the lock file. */
function isInstalledByHand({ version }) {
  const installed = readText(installedPath)
  const major = readText(stampPath)?.split(' ')[1]
  if (installed === undefined || (major !== undefined && major !== version.split('.')[0])) return false
  const actual = JSON.parse(installed).packages
  const wanted = JSON.parse(readFileSync(lockPath, 'utf8')).packages
  const isSame = (path) =>
    wanted[path]?.version === actual[path].version && wanted[path]?.integrity === actual[path].integrity
  const isThere = (path) => path === '' || wanted[path].optional || wanted[path].devOptional || path in actual
  return Object.keys(actual).every(isSame) && Object.keys(wanted).every(isThere)
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
