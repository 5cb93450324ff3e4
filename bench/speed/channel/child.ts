// Answers each request. `node child.ts <channel> [path of the socket]`
import { Socket, connect } from 'node:net'
import { talk } from './frames.ts'
import type { ChannelName, Reply, Request } from './message.ts'

const [name, path] = process.argv.slice(2) as [ChannelName, string | undefined]

function answer({ id, data }: Request): Reply {
  return { id, length: data.length, last: data.at(-1)! }
}

if (name.startsWith('ipc')) process.on('message', (request) => process.send!(answer(request as Request)))
else {
  const socket = path === undefined ? new Socket({ fd: 3, readable: true, writable: true }) : connect(path)
  const send = talk(socket, name !== 'pipe-unchecked', (request) => send(answer(request as Request)))
  socket.on('close', () => process.exit())
}
