import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { talk } from './frames.ts'
import type { ChannelName, Reply, Request } from './message.ts'

const script = fileURLToPath(new URL('./child.ts', import.meta.url))

/** A child that answers. */
export interface OpenChannel {
  readonly name: ChannelName
  ask(data: Request['data']): Promise<Reply>
  close(): Promise<void>
}

function start(name: ChannelName, stdio: StdioOptions, more: readonly string[] = []): ChildProcess {
  const serialization = name === 'ipc-json' ? 'json' : 'advanced'
  return spawn(process.execPath, [script, name, ...more], { stdio, serialization })
}

class Waiting {
  readonly #asked = new Map<number, (reply: Reply) => void>()
  #last = 0

  readonly take = (value: unknown): void => {
    const reply = value as Reply
    this.#asked.get(reply.id)!(reply)
    this.#asked.delete(reply.id)
  }

  ask(data: Request['data'], send: (request: Request) => void): Promise<Reply> {
    const id = ++this.#last
    const reply = new Promise<Reply>((resolve) => this.#asked.set(id, resolve))
    send({ id, data })
    return reply
  }
}

async function end(child: ChildProcess, leave: () => void): Promise<void> {
  const ended = once(child, 'exit')
  leave()
  await ended
}

function openIpc(name: ChannelName): OpenChannel {
  const waiting = new Waiting()
  const child = start(name, ['ignore', 'inherit', 'inherit', 'ipc'])
  child.on('message', waiting.take)
  const ask: OpenChannel['ask'] = (data) => waiting.ask(data, (request) => child.send(request))
  return { name, ask, close: () => end(child, () => child.disconnect()) }
}

function openPipe(name: ChannelName): OpenChannel {
  const waiting = new Waiting()
  const child = start(name, ['ignore', 'inherit', 'inherit', 'pipe'])
  const socket = child.stdio[3] as Socket
  const send = talk(socket, name === 'pipe', waiting.take)
  return { name, ask: (data) => waiting.ask(data, send), close: () => end(child, () => socket.destroy()) }
}

async function openSocket(name: ChannelName): Promise<OpenChannel> {
  const waiting = new Waiting()
  const folder = mkdtempSync(join(tmpdir(), 'eisenmp-bench-'))
  const path = join(folder, 'channel')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const child = start(name, ['ignore', 'inherit', 'inherit'], [path])
  const [socket] = (await once(server, 'connection')) as [Socket]
  server.close()
  rmSync(folder, { recursive: true })
  const send = talk(socket, true, waiting.take)
  return { name, ask: (data) => waiting.ask(data, send), close: () => end(child, () => socket.destroy()) }
}

/** Starts a child and a channel to it. */
export async function openChannel(name: ChannelName): Promise<OpenChannel> {
  if (name === 'socket') return openSocket(name)
  return name.startsWith('ipc') ? openIpc(name) : openPipe(name)
}
