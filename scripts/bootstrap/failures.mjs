import { floor } from './floor.mjs'
import { root } from './root.mjs'

/** A failure whose message tells the user all there is: no stack is printed. */
export class BootstrapError extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** @param {unknown} error */
export function explainError(error) {
  if (error instanceof BootstrapError) return `\n${error.message}\n`
  const code = error?.code
  if (isDiskFull(code)) return describe('Cannot write to the disk', String(error), diskRepair)
  if (isNotWritable(code)) return describe('Cannot write to the folder', String(error), folderRepair)
  return error?.stack ?? String(error)
}

/**
 * Turns a failed npm run into a message of one screen: what failed, what was tried, how to mend it.
 *
 * @param {{ what: string, tried: string, output: string, code: number | string | null, instead?: string[] }} failure
 */
export function toNpmError({ what, tried, output, code, instead = [] }) {
  const [reason, repair] = classify(output)
  const telling = [...new Set(output.split('\n').filter(isTelling))]
  const errors = telling.filter((line) => line.startsWith('npm error'))
  const said = (errors.length > 0 ? errors : telling).slice(0, 8).map((line) => `    ${line.slice(0, 160)}`)
  return new BootstrapError(
    describe(`Cannot install ${what}: ${reason}`, `${tried} (ended with ${code})\n\n  It said:\n${said.join('\n')}`, [
      ...repair,
      ...instead,
    ]),
  )
}

export function toNpmMissingError(what) {
  return new BootstrapError(
    describe(`Cannot install ${what}: npm was not found`, 'the npm that started this script, then npm on PATH', [
      `Install Node ${floor} from nodejs.org (npm comes with it), or your system's npm package,`,
      'then run the same command again.',
    ]),
  )
}

export function toNoNodeError(reason) {
  return new BootstrapError(
    describe(
      `Cannot find a Node that fits: this is ${process.version}, needed is ${floor}`,
      `${process.execPath}, then the Node packages in tools/: ${reason}`,
      [
        'Install Node 24 or later from nodejs.org, or with nvm, fnm, volta or mise,',
        'then run the same command again.',
      ],
    ),
  )
}

const isDiskFull = (code) => code === 'ENOSPC' || code === 'EDQUOT'
const isNotWritable = (code) => code === 'EACCES' || code === 'EPERM' || code === 'EROFS'

const diskRepair = ['Free some space (about 700 MB are needed), then run the same command again.']
const folderRepair = [
  `Make ${root} writable for your user`,
  '(it may belong to root after a "sudo npm", or be mounted read-only), or clone into a folder of your own.',
]
const networkRepair = [
  'Check the connection, the proxy (npm config get proxy, https-proxy) and the registry (npm config get registry).',
  'Where there is no network: run "npm ci" on a machine that has one, with the same system and processor,',
  'and copy node_modules (and tools/*/node_modules) from there.',
]

/**
 * npm names the system's error code in its output; the first that is known gives the reason.
 *
 * @param {string} output
 * @returns {[reason: string, repair: string[]]}
 */
function classify(output) {
  if (/\b(ENOSPC|EDQUOT)\b/.test(output)) return ['the disk is full', diskRepair]
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) return ['the folder is not writable', folderRepair]
  if (
    /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/.test(
      output,
    )
  ) {
    return ['the package registry was not reached', networkRepair]
  }
  if (/\b(CERT_|SELF_SIGNED|UNABLE_TO_(GET|VERIFY))/.test(output)) {
    return [
      'the registry showed a certificate that is not trusted',
      ['Give npm your certificate: npm config set cafile <file>.'],
    ]
  }
  if (/\bE(40[1347]|5\d\d)\b/.test(output)) {
    return ['the package registry refused', ['Check npm config get registry, and the log-in if it needs one.']]
  }
  if (/\bEINTEGRITY\b/.test(output)) {
    return ['a package differs from the lock file', ['Run "npm cache clean --force" and the same command again.']]
  }
  return ['npm failed', ['Run "npm ci" by hand to see all of its output.']]
}

/** npm's errors and failed tries, without its notes, the stack and the empty lines. */
function isTelling(line) {
  return (
    /^npm (error\s+\S|.*failed)/.test(line) && !/error\s+(at |\}|\{|(errno|type|port|address|syscall)\b)/.test(line)
  )
}

function describe(what, tried, repair) {
  return [`${what}.`, '', `  Tried: ${tried}`, '', `  ${repair.join('\n  ')}`].join('\n')
}
