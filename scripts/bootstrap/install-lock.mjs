import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from './root.mjs'

/**
 * Runs `work` while no other bootstrap installs the same thing: two `npm ci` in one folder destroy each other.
 * A lock whose owner is gone is taken over.
 *
 * @param {string} name
 * @param {() => Promise<void>} work
 */
export async function withInstallLock(name, work) {
  const lock = join(root, 'temp', `install-${name}.lock`)
  makeFolder(join(root, 'temp'))
  let told = false
  while (!tryLock(lock)) {
    if (!told) console.error(`Waiting for another install (process ${readOwner(lock) ?? 'unknown'}) …`)
    told = true
    await delay(250)
  }
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Not `recursive`, which hides that a file system is read-only behind an ENOENT. */
function makeFolder(path) {
  if (!existsSync(path)) mkdirSync(path)
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (isHeld(lock)) return false
  rmSync(lock, { force: true })
  return false
}

function isHeld(lock) {
  const owner = readOwner(lock)
  // Between its creation and the writing of the number the file is empty for a moment.
  if (owner === undefined) return isYoung(lock)
  try {
    process.kill(owner, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function isYoung(lock) {
  try {
    return Date.now() - statSync(lock).mtimeMs < 5000
  } catch {
    return false
  }
}

function readOwner(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || undefined
  } catch {
    return undefined
  }
}
