import { fileURLToPath } from 'node:url'

interface ExecSpec {
  readonly execArgv?: readonly string[] | undefined
  readonly modules: readonly { readonly url: string }[]
  readonly permissions?: Permissions | undefined
  readonly resourceLimits?: HeapLimits | undefined
}

interface Permissions {
  readonly fsRead?: readonly string[]
  readonly fsWrite?: readonly string[]
  readonly childProcess?: boolean
  readonly worker?: boolean
  readonly addons?: boolean
  readonly wasi?: boolean
  readonly net?: boolean
}

interface HeapLimits {
  readonly maxOldGenerationSizeMb?: number
  readonly maxYoungGenerationSizeMb?: number
  readonly stackSizeMb?: number
}

/** Options of the program that must not be handed on: they belong to its own main script, debugger or test run. */
const notInherited: readonly RegExp[] = [
  /^--inspect/,
  /^--test/,
  /^--watch/,
  /^--(cpu|heap)-prof/,
  /^--input-type/,
  /^--(eval|print|check|interactive|run)\b/,
  /^-[epci]+$/,
]
/** Their value may be an argument of its own. */
const takesValue: ReadonlySet<string> = new Set([
  '-e',
  '-p',
  '-pe',
  '--eval',
  '--print',
  '--input-type',
  '--inspect-port',
  '--test-name-pattern',
  '--test-skip-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-concurrency',
  '--test-timeout',
  '--test-shard',
  '--watch-path',
])
/** Options of a thread; all others are of the whole process, where a thread refuses them. Their value may come apart. */
const forThreads: readonly RegExp[] = [
  /^(-r|-C|--require|--import|--loader|--experimental-loader|--conditions|--disable-warning)(=|$)/,
  /^--(unhandled-rejections|permission|allow-[a-z-]+)(=|$)/,
  /^--(no-)?(preserve-symlinks|strip-types|addons|enable-source-maps|warnings|(pending-|throw-)?deprecation)/,
  /^--(no-)?trace-(warnings|deprecation|uncaught|exit|promises)/,
  /^--(no-)?experimental-(?!shadow-realm|sea|config|default)/,
]
const valued = /^(-r|-C|--(require|import|loader|experimental-loader|conditions|disable-warning|allow-fs-\w+))$/

function inheritExecArgv(kind: 'threads' | 'processes'): string[] {
  const kept: string[] = []
  const given = process.execArgv
  for (let i = 0; i < given.length; i++) {
    const option = given[i]!
    if (takesValue.has(option)) i += 1
    else if (notInherited.some((pattern) => pattern.test(option))) continue
    else if (kind === 'processes') kept.push(option)
    else if (forThreads.some((pattern) => pattern.test(option))) {
      kept.push(option)
      if (valued.test(option) && i + 1 < given.length) kept.push(given[++i]!)
    }
  }
  return kept
}

const flagNames = {
  childProcess: 'child-process',
  worker: 'worker',
  addons: 'addons',
  wasi: 'wasi',
  net: 'net',
} as const

function toPermissionFlags(spec: ExecSpec, permissions: Permissions): string[] {
  // Without its own files, and the module it is for, a worker could not even start.
  const here = import.meta.url as string | undefined
  const own = here === undefined ? [] : [fileURLToPath(new URL('..', here))]
  const urls = spec.modules.map(({ url }) => url).filter((url) => url.startsWith('file:'))
  const modules = urls.map((url) => fileURLToPath(new URL('.', url)))
  const read = [...[...own, ...modules].map((folder) => `${folder}*`), ...(permissions.fsRead ?? [])]
  const flags = ['--permission', ...read.map((path) => `--allow-fs-read=${path}`)]
  flags.push(...(permissions.fsWrite ?? []).map((path) => `--allow-fs-write=${path}`))
  for (const [name, flag] of Object.entries(flagNames)) {
    // Older Nodes know no --allow-net: there the network cannot be denied.
    const isKnown = process.allowedNodeEnvironmentFlags.has(`--allow-${flag}`)
    if (permissions[name as keyof typeof flagNames] === true && isKnown) flags.push(`--allow-${flag}`)
  }
  return flags
}

function toHeapFlags(limits: HeapLimits): string[] {
  const flags: string[] = []
  if (limits.maxOldGenerationSizeMb !== undefined) flags.push(`--max-old-space-size=${limits.maxOldGenerationSizeMb}`)
  if (limits.maxYoungGenerationSizeMb !== undefined)
    flags.push(`--max-semi-space-size=${limits.maxYoungGenerationSizeMb}`)
  if (limits.stackSizeMb !== undefined) flags.push(`--stack-size=${Math.floor(limits.stackSizeMb * 1000)}`)
  return flags
}

/**
 * The Node options of a worker: the user's, else the program's own as far as they fit; then what limits it.
 * `undefined` lets a thread inherit everything. An empty list would free it from the program's permission model.
 */
export function toExecArgv(spec: ExecSpec, kind: 'threads' | 'processes'): string[] | undefined {
  if (kind === 'threads' && spec.execArgv === undefined && spec.permissions === undefined) return undefined
  const argv = spec.execArgv === undefined ? inheritExecArgv(kind) : [...spec.execArgv]
  if (kind === 'processes' && spec.resourceLimits !== undefined) argv.push(...toHeapFlags(spec.resourceLimits))
  if (spec.permissions !== undefined) argv.push(...toPermissionFlags(spec, spec.permissions))
  if (kind === 'threads' && process.permission !== undefined && spec.permissions === undefined) {
    argv.unshift(...process.execArgv.filter((option) => /^--(permission|allow-)/.test(option)))
  }
  return argv
}
