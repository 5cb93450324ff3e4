import { Server } from 'node:net'
import { describeThrown } from '../../internal/describe-thrown.ts'
import { LoadError, importModule } from '../../loader/import-tasks.ts'
import { showValue } from '../../options.ts'
import type { ServerToolbox } from './server-toolbox.ts'

/** A function from requests to answers, as Hono, h3 and srvx have it. */
export type FetchHandler = (request: Request, toolbox: ServerToolbox) => unknown

/** What a server module is. */
export type ServerModule =
  | { readonly kind: 'fetch'; readonly fetch: FetchHandler }
  | { readonly kind: 'server'; readonly create: (toolbox: ServerToolbox) => unknown }

const EXPECTED =
  'export default { fetch(request) { … } }, or export function createServer(toolbox) that returns an http, https, http2 or net server'

type Members = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Members {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function findFunction(from: unknown, name: string): ((...args: unknown[]) => unknown) | undefined {
  const found = isObject(from) ? from[name] : undefined
  // It stays a method: handlers that are classes need their `this`.
  return typeof found === 'function' ? (...args) => Reflect.apply(found, from, args) as unknown : undefined
}

/** What else people have in their hands. */
function nameKnown(value: unknown): string | undefined {
  if (value instanceof Server) return 'a server'
  if (!isObject(value)) return undefined
  const has = (...names: string[]): boolean => names.every((name) => typeof value[name] === 'function')
  if (has('ready', 'inject') && value['server'] instanceof Server) return 'a Fastify instance'
  if (has('use', 'handle', 'listen')) return 'an Express application'
  if (has('use', 'callback', 'listen')) return 'a Koa application'
  return undefined
}

const repairs: Readonly<Record<string, string>> = {
  'a server': 'export function createServer() { … } that makes and returns it: each worker and port needs its own',
  'a Fastify instance': 'export async function createServer() { … await app.ready(); return app.server }',
  'an Express application': 'export function createServer() { return http.createServer(app) }',
  'a Koa application': 'export function createServer() { return http.createServer(app.callback()) }',
}

function listFound(exported: Members): string {
  const names = Object.keys(exported)
  if (names.length === 0) return 'it exports nothing'
  const whole = exported['default']
  const kind = whole === undefined ? '' : `; its default export is ${nameKnown(whole) ?? showValue(whole)}`
  return `it exports ${names.map((name) => `'${name}'`).join(', ')}${kind}`
}

/** @throws LoadError that says what was found instead. */
export async function loadServerModule(url: string): Promise<ServerModule> {
  const exported = await importModule(url)
  const whole = exported['default']
  const known = nameKnown(whole)
  for (const from of [exported, whole]) {
    if (from === whole && known !== undefined) break
    const create = findFunction(from, 'createServer')
    if (create !== undefined) return { kind: 'server', create }
    const fetch = findFunction(from, 'fetch')
    if (fetch !== undefined) return { kind: 'fetch', fetch }
  }
  if (known === undefined && typeof whole === 'function') {
    return { kind: 'server', create: whole as (toolbox: ServerToolbox) => unknown }
  }
  const repair = known === undefined ? EXPECTED : repairs[known]!
  throw new LoadError(`server module ${url} has no server: ${listFound(exported)}; ${repair}`, url, undefined)
}

function explainResult(made: unknown): string | undefined {
  if (made instanceof Server) {
    if (!made.listening) return undefined
    return 'a server that listens already; do not call listen() (of Fastify: await app.ready(), then return app.server)'
  }
  const known = nameKnown(made)
  if (known === undefined)
    return `${showValue(made)}; return an http, https, http2 or net server that does not listen yet, or null for none`
  return `${known}; ${repairs[known]!}`
}

/**
 * `undefined`: the module has nothing to serve there.
 *
 * @throws LoadError when the user's function throws, or gives something that is no fresh server.
 */
export async function makeServer(
  create: (toolbox: ServerToolbox) => unknown,
  toolbox: ServerToolbox,
  url: string,
): Promise<Server | undefined> {
  let made: unknown
  try {
    made = await create(toolbox)
  } catch (error) {
    throw new LoadError(`createServer() of server module ${url} threw: ${describeThrown(error)}`, url, error)
  }
  if (made === null) return undefined
  const problem = explainResult(made)
  if (problem === undefined) return made as Server
  if (made instanceof Server) made.close()
  throw new LoadError(`createServer() of server module ${url} returned ${problem}`, url, undefined)
}
