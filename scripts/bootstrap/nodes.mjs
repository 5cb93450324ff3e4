import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BootstrapError, toNoNodeError } from './failures.mjs'
import { satisfies } from './floor.mjs'
import { withInstallLock } from './install-lock.mjs'
import { runNpmCi } from './npm.mjs'
import { root } from './root.mjs'

/** Tried in this order when the user's Node is too old. Node 24 has no package for every platform. */
const fallbackMajors = ['24', '26', '22']

/**
 * The Node that runs this script when it fits, else one from `tools/`, installed when it is not there yet.
 *
 * @returns {Promise<{ path: string, version: string }>}
 */
export async function findFittingNode() {
  if (satisfies(process.version)) return { path: process.execPath, version: process.version }
  const major = fallbackMajors.find((candidate) => findNodePackage(candidate))
  if (!major) throw toNoNodeError(`none for ${process.platform} ${process.arch}`)
  return installNode(major)
}

/**
 * The Node of `tools/node<major>`.
 *
 * @param {string} major
 * @returns {Promise<{ path: string, version: string }>}
 */
export async function installNode(major) {
  const found = findNodePackage(major)
  if (!found) throw toNoNodeError(`tools/node${major} has none for ${process.platform} ${process.arch}`)
  if (!isInstalled(found)) {
    await withInstallLock(`node${major}`, async () => {
      if (isInstalled(found)) return
      console.error(`Installing Node ${found.version} into tools/node${major} (once) …`)
      await runNpmCi({
        node: process.execPath,
        folder: found.folder,
        what: `Node ${found.version}`,
        isComplete: () => isInstalled(found),
        instead: ['Or install Node 24 or later yourself, and nothing is downloaded for it.'],
      })
    })
  }
  return { path: found.path, version: assertRuns(found) }
}

/** The package for this platform that `tools/node<major>/package.json` pins. */
function findNodePackage(major) {
  const folder = join(root, 'tools', `node${major}`)
  if (!existsSync(join(folder, 'package.json'))) return undefined
  const pins = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).optionalDependencies
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`].find((pin) => pins[pin])
  if (!name) return undefined
  const home = join(folder, 'node_modules', name)
  return {
    folder,
    home,
    version: pins[name],
    path: join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  }
}

/** npm writes its list last: without it an install was broken off, and the program may be half a file. */
function isInstalled({ folder, home, version, path }) {
  if (!existsSync(path) || !existsSync(join(folder, 'node_modules', '.package-lock.json'))) return false
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version === version
}

/** The packages hold a Node for glibc: on musl it is there and does not start. */
function assertRuns({ path, version }) {
  let actual
  try {
    actual = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  } catch (error) {
    throw toNoNodeError(`${path} does not start here (${error.code ?? error.message})`)
  }
  if (actual !== `v${version}`)
    throw new BootstrapError(`${path} is ${actual}, expected v${version}; delete its folder and run again.`)
  return actual
}
