import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { BoundWorker } from '../../../src/server/ports/bind-ports.ts'
import { probePort } from '../../../src/server/ports/probe-port.ts'
import { within } from '../../support/wait-until.ts'

export interface Program {
  readonly pid: number
  /** The first that it printed. */
  readonly said: string
  end(): Promise<void>
}

function findProgram(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/programs/${name}`, import.meta.url))
}

async function follow(child: ChildProcess): Promise<Program> {
  const exit = once(child, 'exit')
  const [said] = (await within(once(child.stdout!, 'data'), 'the first line')) as [Buffer]
  // A test that fails is not held up by what it started: that ends with its stdin.
  child.unref()
  for (const stream of [child.stdin, child.stdout]) (stream as Socket).unref()
  const end = async (): Promise<void> => {
    child.stdin!.end()
    await within(exit, 'the end of a program')
  }
  return { pid: child.pid!, said: String(said).trim(), end }
}

/** Starts a program of `test/fixtures/programs/` and waits until it prints something. */
export function startProgram(name: string, ...args: readonly string[]): Promise<Program> {
  return follow(spawn(process.execPath, [findProgram(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] }))
}

/** A process for each worker, which listens at what it inherits. */
export async function startWorkers(workers: readonly BoundWorker[]): Promise<readonly Program[]> {
  return Promise.all(
    workers.map(({ name, servers }) => {
      const args = [findProgram('answer-at-sockets.ts'), name, String(servers.length)]
      const fds = servers.map(({ fd }) => fd!)
      return follow(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit', 'ignore', ...fds] }))
    }),
  )
}

/** What the server says, or the code of the error. */
export function ask(host: string, port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  const socket = connect({ host, port })
  socket.setEncoding('utf8').on('data', (part) => (text += part))
  socket.on('end', () => resolve(text)).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
  return within(promise, `an answer of ${host}:${port}`)
}

/** The first of so many ports in a row at which nobody listens; below those that the system gives out by itself. */
export async function findFreePorts(count: number, address = '127.0.0.1'): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000)
    const ports = Array.from({ length: count }, (_, i) => first + i)
    const errors = await Promise.all(ports.map((port) => probePort(address, port)))
    if (errors.every((error) => error === undefined)) return first
  }
}
