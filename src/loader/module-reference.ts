import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { WorkerModule } from '../backend.ts'
import { findClosestName } from '../internal/closest-name.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { isPlainObject, showValue } from '../options.ts'
import { type NetworkGraph, checkNetworkGraph, isNetworkUrl } from './network-reference.ts'
import { refuseModule as refuse } from './refusals.ts'
import { captureWorkerUrl } from './worker-factory.ts'

/** Makes a worker the way bundlers recognise; on Node it only names the module. */
export type WorkerFactory = () => unknown

/** A worker module with what is to be known about it. */
export interface ModuleDescription {
  /** As it would be given alone: `URL`, path or package name; `https:`, or `http:` on this machine, with `integrity`. */
  readonly url: URL | string
  /**
   * The function of a mate that is called with the toolbox.
   *
   * @defaultValue `'default'`
   */
  readonly export?: string
  /**
   * For a module from the network, and needed there: its hash, `sha256-…`, `sha384-…` or `sha512-…` in base64, of the
   * bytes as they are served. A module that imports others has an object: the address of each, whole or relative to
   * `url`, and its hash; imports that are not in it are refused.
   */
  readonly integrity?: string | Readonly<Record<string, string>>
  /** Names of hosts of modules from the network that may be at private addresses, or on this machine. */
  readonly privateHosts?: readonly string[]
  /**
   * A folder, made when needed and for this user only, where modules from the network are kept by their hash. What is
   * there is not asked for again, and checked each time.
   *
   * @defaultValue none
   */
  readonly cache?: URL | string
}

/** Names a worker module: `URL`, path (relative to the working directory), package name, or one of the forms below. */
export type ModuleReference = URL | string | WorkerFactory | ModuleDescription

/** A module that is known to be there, or how to get it. */
export interface ResolvedModule extends WorkerModule {
  readonly graph?: NetworkGraph
}

/** Throws what Node throws for a host or an encoded slash in a file URL. */
function toPath(url: URL): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw refuse(url.href, `it is no path: ${summarizeThrown(error)}`, 'give a file: URL of this machine', error)
  }
}

function toUrl(text: string): URL {
  try {
    return new URL(text)
  } catch (error) {
    throw refuse(`'${text}'`, 'it is no URL', 'give a file: URL or a path', error)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function nameIndex(folder: string): string {
  const index = ['index.ts', 'index.js', 'index.mts', 'index.mjs'].find((name) => existsSync(join(folder, name)))
  return index === undefined ? '' : `: '${join(folder, index)}'`
}

function checkFile(url: URL): URL {
  const path = toPath(url)
  if (isFolder(path)) throw refuse(path, 'this is a folder', `name a file in it${nameIndex(path)}`)
  if (existsSync(path)) return url
  const folder = dirname(path)
  if (!isFolder(folder)) throw refuse(path, `there is no folder ${folder}`, 'check the path')
  const closest = findClosestName(basename(path), readdirSync(folder))
  const repair = closest === undefined ? 'check the path' : `did you mean '${join(folder, closest)}'?`
  const bundled = 'a bundler must emit the worker module as a file of its own'
  throw refuse(path, 'there is no such file', `${repair} (if this program is bundled: ${bundled})`)
}

function checkUrl(url: URL): URL {
  switch (url.protocol) {
    case 'file:':
      return checkFile(url)
    case 'data:':
    case 'node:':
    case 'https:':
    case 'http:':
      return url
    default:
      throw refuse(url.href, `'${url.protocol}' modules cannot be loaded`, 'give a file: URL or a path')
  }
}

/** A package is looked for beside this one, then from the working directory. */
function resolvePackage(name: string): URL {
  if (existsSync(resolve(name))) throw refuse(`'${name}'`, 'this names a package', `for the file write './${name}'`)
  try {
    return new URL(import.meta.resolve(name))
  } catch (first) {
    try {
      return pathToFileURL(createRequire(join(process.cwd(), 'from-here.js')).resolve(name))
    } catch {
      throw refuse(`'${name}'`, 'no such package is installed', "install it, or write a path as './file.ts'", first)
    }
  }
}

function resolveText(text: string): URL {
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) return checkUrl(toUrl(text))
  const isPath = isAbsolute(text) || text.startsWith('./') || text.startsWith('../') || text.startsWith('.\\')
  return isPath ? checkFile(pathToFileURL(resolve(text))) : checkUrl(resolvePackage(text))
}

function resolveUrl(reference: URL | string): URL {
  return typeof reference === 'string' ? resolveText(reference) : checkUrl(reference)
}

const networkKeys = ['integrity', 'privateHosts', 'cache']
const knownKeys: readonly string[] = ['url', 'export', ...networkKeys]

function describe(reference: Record<string, unknown>): ResolvedModule | undefined {
  const { url: given, export: name = 'default' } = reference
  if (!(given instanceof URL) && (typeof given !== 'string' || given === '')) return undefined
  const unknown = Object.keys(reference).find((key) => !knownKeys.includes(key))
  if (unknown !== undefined) throw refuse(showValue(reference), `'${unknown}' is not known here`, 'give url and export')
  if (typeof name !== 'string') return undefined
  const url = resolveUrl(given)
  if (isNetworkUrl(url)) {
    const graph = checkNetworkGraph(url, reference)
    return { url: graph.url, export: name, graph }
  }
  const stray = networkKeys.find((key) => reference[key] !== undefined)
  if (stray === undefined) return { url: url.href, export: name }
  throw refuse(url.href, `'${stray}' is for modules from the network`, 'leave it out; Node reads this one by itself')
}

function resolveReference(reference: unknown): ResolvedModule {
  const isPlain = reference instanceof URL || typeof reference === 'string'
  const url = typeof reference === 'function' ? captureWorkerUrl(reference as WorkerFactory) : reference
  const described = isPlain || typeof reference === 'function' ? { url } : reference
  const resolved = isPlainObject(described) ? describe(described) : undefined
  if (resolved !== undefined) return resolved
  const example = "new URL('./tasks.worker.ts', import.meta.url)"
  throw refuse(showValue(reference), 'this names no module', `give ${example}, a path or a package name`)
}

/**
 * Turns the option `modules` into URLs, before any worker starts.
 *
 * @throws EisenmpError `ERR_EISENMP_MODULE` when a file or package is missing, naming the nearest one.
 */
export function resolveModules(modules: unknown): ResolvedModule[] {
  const list: unknown[] = Array.isArray(modules) ? modules : [modules]
  if (list.length === 0) throw refuse('from an empty list', 'a pool needs a module', 'name at least one')
  return list.map(resolveReference)
}
