import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { createCommandHosts } from '../../../src/server/hosts/command-host.ts'
import { bindPorts } from '../../../src/server/ports/bind-ports.ts'
import { planServe } from '../../../src/server/read-serve-options.ts'
import { Hosted, createSpec } from '../../support/hosted.ts'

const PYTHON = `
import http.server, os, socket, sys
assert os.environ['LISTEN_PID'] == str(os.getpid()), 'LISTEN_PID'
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ['PORT'].encode())
server = http.server.HTTPServer(('', 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=3)
print('serving', os.environ['LISTEN_FDS'], flush=True)
server.serve_forever()
`

const noPython = spawnSync('python3', ['--version']).status === 0 ? false : 'there is no python3'

describe('a worker that is any program', { skip: process.platform === 'win32' }, () => {
  it('gets its sockets as systemd gives them, and is drained by SIGTERM', { skip: noPython }, async () => {
    const bound = await bindPorts(planServe({ port: 0, workers: 1 }))
    const { port, fd } = bound.workers[0]!.servers[0]!
    const kind = createCommandHosts(['python3', '-c', PYTHON])
    const servers = [{ index: 0, address: '127.0.0.1', port, how: 'inherit' as const, fd: 3 }]
    const hosted = new Hosted(kind, createSpec({ servers }), { fds: [fd!] })
    // Connections wait in the queue of the socket from the start.
    const socket = connect(port, '127.0.0.1')
    socket.end('GET / HTTP/1.0\r\n\r\n')
    assert.match(await text(socket), new RegExp(`${port}$`))
    await hosted.next('ready')
    hosted.host.send({ kind: 'drain' })
    const { code, signal } = await hosted.gone
    assert.deepEqual([code, signal], [0, null])
    assert.match(hosted.output, /^serving 1\n/)
    await kind.close()
    bound.close()
  })

  it('says when there is no such program, and keeps its exit code', async () => {
    const kind = createCommandHosts(['there-is-no-such-program'])
    assert.match((await new Hosted(kind).gone).reason, /was not found \(exit code 127\)/)
    const other = createCommandHosts(['sh', '-c', 'exit 9'])
    assert.deepEqual((await new Hosted(other).gone).code, 9)
    await Promise.all([kind.close(), other.close()])
  })

  it('is killed when it does not listen to reason', async () => {
    const kind = createCommandHosts(['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'])
    const hosted = new Hosted(kind)
    await hosted.next('ready')
    hosted.host.send({ kind: 'drain' })
    hosted.host.end()
    assert.equal((await hosted.gone).signal, 'SIGKILL')
    await kind.close()
  })
})
