import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { checkName, toSocketPath } from './control-folder.ts'
import { type ControlAnswer, type ControlRequest, MOST_REQUEST_BYTES } from './control-messages.ts'
import { UsageError } from './usage.ts'

/** Answers a request; what it throws is told to who asked. */
export type Answerer = (request: ControlRequest) => Promise<ControlAnswer>

const MOST_CONNECTIONS = 16
/** For a request to come whole. */
const PATIENCE_MS = 2000

/** The end of a control socket that a running program holds. */
export class ControlSocket {
  readonly path: string
  readonly #server: Server
  readonly #identity: string

  /** Use {@link openControlSocket}. */
  constructor(path: string, server: Server, identity: string) {
    this.path = path
    this.#server = server
    this.#identity = identity
  }

  /** Removes the socket, unless another program has taken the place. Synchronous, for the end of a program. */
  remove(): void {
    this.#server.close()
    if (readIdentity(this.path) === this.#identity) rmSync(this.path, { force: true })
  }
}

/**
 * Opens the control socket of a running program: mode 0600, in a folder that is the user's alone.
 *
 * @param name - `fallback`: take `shop-2` and so on when another program has the name.
 * @throws {@link UsageError} For a name that cannot be used, or that a running program has.
 */
export async function openControlSocket(
  folder: string,
  { wanted, hasFallback }: { readonly wanted: string; readonly hasFallback: boolean },
  answer: (name: string) => Answerer,
): Promise<{ readonly name: string; readonly socket: ControlSocket }> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    checkName(name, folder)
    const socket = await claim(folder, name, answer(name))
    if (socket !== undefined) return { name, socket }
    if (!hasFallback) {
      throw new UsageError(`Cannot use ${name} as a name: a running program has it, see eisenmp ps; use --name`)
    }
  }
}

/** `undefined`: a running program has the name. */
async function claim(folder: string, name: string, answer: Answerer): Promise<ControlSocket | undefined> {
  const path = toSocketPath(folder, name)
  // Ready under a name of its own first: linking it is one step, which fails when somebody was quicker.
  const draft = `${path.slice(0, -'.sock'.length)}.${randomBytes(3).toString('hex')}`
  const server = createServer({ allowHalfOpen: true }, (socket) => hear(socket, answer))
  server.maxConnections = MOST_CONNECTIONS
  // It must not keep the program alive.
  server.unref()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(draft, resolve))
  chmodSync(draft, 0o600)
  const identity = readIdentity(draft)!
  try {
    for (;;) {
      if (tryLink(draft, path)) return new ControlSocket(path, server, identity)
      if (!(await removeIfDead(path))) break
    }
  } finally {
    rmSync(draft, { force: true })
  }
  server.close()
  return undefined
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Tells a file from a later one of the same name, which may well get the same inode. */
function readIdentity(path: string): string | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return found && `${found.dev} ${found.ino} ${found.mtimeNs}`
}

/** Whether a program still listens there. The socket's file outlives one that was killed. */
export function isAlive(path: string): Promise<boolean> {
  const probe = connect(path)
  return new Promise((resolve) => {
    probe.on('connect', () => resolve(true))
    probe.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
    })
  }).then((alive) => {
    probe.destroy()
    return alive as boolean
  })
}

/**
 * Removes the socket of a dead program; `false` when its program runs.
 *
 * It is renamed first: if the file is another one by now, since a program has started meanwhile, it gets its name back.
 *
 * @throws {@link UsageError} When it is no socket.
 */
export async function removeIfDead(path: string): Promise<boolean> {
  const identity = readIdentity(path)
  if (identity === undefined) return true
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) {
    throw new UsageError(`Cannot use ${path} as a control socket: it is something else; remove it`)
  }
  if (await isAlive(path)) return false
  if (readIdentity(path) === identity) bury(path, identity)
  return true
}

function bury(path: string, identity: string): void {
  const aside = `${path.slice(0, -'.sock'.length)}.${randomBytes(3).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch {
    // Somebody else was quicker.
    return
  }
  if (readIdentity(aside) !== identity) tryLink(aside, path)
  rmSync(aside, { force: true })
}

function hear(socket: Socket, answer: Answerer): void {
  let text = ''
  socket.setTimeout(PATIENCE_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.destroySoon())
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more
    if (text.length > MOST_REQUEST_BYTES) {
      socket.removeAllListeners('data')
      return reply(socket, { kind: 'error', message: 'the request is too long' })
    }
    const end = text.indexOf('\n')
    if (end < 0) return
    socket.setTimeout(0)
    socket.removeAllListeners('data')
    // Whoever asks may leave before the answer: the work goes on.
    socket.resume()
    socket.removeAllListeners('end')
    void decide(text.slice(0, end), answer).then((message) => reply(socket, message))
  })
}

async function decide(line: string, answer: Answerer): Promise<ControlAnswer> {
  try {
    const request = JSON.parse(line) as { readonly command?: unknown } | null
    const command = request?.command
    if (command !== 'ps' && command !== 'reload') return { kind: 'error', message: 'the command is unknown' }
    return await answer({ command })
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) }
  }
}

function reply(socket: Socket, message: ControlAnswer): void {
  socket.end(`${JSON.stringify(message)}\n`, () => socket.destroySoon())
}
