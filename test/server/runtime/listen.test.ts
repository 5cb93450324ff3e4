import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { describe, it } from 'node:test'
import { MessageChannel, type Transferable, receiveMessageOnPort } from 'node:worker_threads'
import { listenAs } from '../../../src/server/runtime/listen.ts'
import { waitUntil } from '../../support/wait-until.ts'

describe('listenAs()', () => {
  it('lets several listen on one port', async () => {
    const one = createServer()
    const two = createServer()
    const port = await listenAs(one, { index: 0, address: '127.0.0.1', port: 0, how: 'reuse' })
    assert.equal(await listenAs(two, { index: 0, address: '127.0.0.1', port, how: 'reuse' }), port)
    one.close()
    two.close()
  })

  it('listens on a descriptor', async () => {
    const owner = createServer().listen(0, '127.0.0.1')
    await once(owner, 'listening')
    const { fd } = Reflect.get(owner, '_handle') as { readonly fd: number }
    const { port } = owner.address() as { readonly port: number }
    const listen = JSON.stringify(new URL('../../../src/server/runtime/listen.ts', import.meta.url).href)
    const text = `
      const { listenAs } = await import(${listen})
      const server = (await import('node:net')).createServer((socket) => { socket.end('child'); server.close() })
      console.log(await listenAs(server, { index: 0, address: '127.0.0.1', port: 1, how: 'inherit', fd: 3 }))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      stdio: ['ignore', 'pipe', 'inherit', fd],
    })
    let printed = ''
    child.stdout!.setEncoding('utf8').on('data', (more: string) => (printed += more))
    await waitUntil(() => printed.includes('\n'), 'the child listens')
    assert.equal(Number(printed), port)
    owner.close()
    const client = connect(port, '127.0.0.1')
    assert.equal(String((await once(client, 'data'))[0]), 'child')
    client.destroy()
    await once(child, 'close')
  })

  it('rejects when it cannot', async () => {
    const spec = { index: 0, address: '192.0.2.1', port: 0, how: 'reuse' } as const
    await assert.rejects(listenAs(createServer(), spec), /cannot listen at 192\.0\.2\.1:0: .*EADDRNOTAVAIL/)
  })

  it('takes over a listener, where Node can transfer one', async (t) => {
    const old = createServer()
    const port = await listenAs(old, { index: 0, address: '127.0.0.1', port: 0, how: 'reuse' })
    const { port1, port2 } = new MessageChannel()
    try {
      port1.postMessage(old, [old as unknown as Transferable])
    } catch {
      old.close()
      port1.close()
      return t.skip('this Node cannot')
    }
    const listener = (receiveMessageOnPort(port2) as { readonly message: Server }).message
    const server = createServer()
    assert.equal(await listenAs(server, { index: 0, address: '127.0.0.1', port, how: 'adopt' }, listener), port)
    server.close()
    port1.close()
  })
})
