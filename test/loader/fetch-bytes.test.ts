import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type FetchOptions, MAX_MODULE_BYTES, fetchBytes } from '../../src/loader/fetch-bytes.ts'
import { FetchRefusal } from '../../src/loader/refusals.ts'
import { ModuleServer } from '../support/module-server.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const server = new ModuleServer()
before(() => server.open())
after(() => server.close())

const local: FetchOptions = { allowed: ['loopback'] }

async function refuse(url: string, options: Partial<FetchOptions> = {}): Promise<string> {
  const error: unknown = await fetchBytes(new URL(url), { ...local, ...options }).then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof FetchRefusal, String(error))
  return `${error.message}; ${error.repair}`
}

/** Answers so much as fast as it is taken, until nobody takes it. */
function pour(response: ServerResponse, bytes: Uint8Array): void {
  const next = (): void => {
    if (!response.destroyed) response.write(bytes, (error) => (error instanceof Error ? undefined : setImmediate(next)))
  }
  next()
}

describe('fetchBytes()', () => {
  it('gives the bytes as they are, a byte order mark included', async () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0, 0xff])
    assert.deepEqual(await fetchBytes(new URL(server.put('/bytes', bytes)), local), bytes)
    assert.deepEqual(await fetchBytes(new URL(server.put('/empty', '')), local), new Uint8Array(0))
  })

  it('knows this machine by name, as the system does', async () => {
    assert.equal((await fetchBytes(new URL(server.put('/by-name', 'x', 'localhost')), local)).length, 1)
  })

  it('asks for it unpacked, and keeps no connection', async () => {
    await fetchBytes(new URL(server.put('/heads', 'x')), local)
    const { 'accept-encoding': encoding, connection } = server.heads.at(-1)!
    assert.deepEqual([encoding, connection], ['identity', 'close'])
  })

  it('puts chunks together', async () => {
    const url = server.put('/chunks', (_, response) => {
      response.write('ab')
      setImmediate(() => response.end('cd'))
    })
    assert.deepEqual(await fetchBytes(new URL(url), local), new TextEncoder().encode('abcd'))
  })

  for (const status of [301, 302, 303, 307, 308]) {
    it(`follows no redirect: ${status}`, async () => {
      const target = server.put('/target', 'x')
      const url = server.put('/from', (_, response) => response.writeHead(status, { location: target }).end())
      assert.match(await refuse(url), /it is redirected to "http:.*\/target"; redirects are not followed/)
      assert.ok(!server.requests.includes('/target'))
    })
  }

  for (const location of [
    'file:///etc/passwd',
    'http://169.254.169.254/',
    'data:text/javascript,0',
    '\u0000'.repeat(9),
  ]) {
    it(`follows no redirect to ${JSON.stringify(location)}`, async () => {
      const url = server.put('/away', (_, response) => {
        response.socket!.end(`HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`)
      })
      assert.match(await refuse(url), /redirected to|Parse Error/)
    })
  }

  for (const status of [204, 206, 404, 500]) {
    it(`takes no answer with status ${status}`, async () => {
      const url = server.put('/status', (_, response) => response.writeHead(status).end())
      assert.match(await refuse(url), new RegExp(`the server answered with status ${status}; check the address`))
    })
  }

  it('unpacks nothing: bombs stay packed', async () => {
    const zeros = new Uint8Array(64 * 2 ** 20)
    for (const [encoding, body] of [
      ['gzip', gzipSync(zeros)],
      ['br', brotliCompressSync(zeros)],
    ] as const) {
      const url = server.put('/bomb', (_, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(body)
      })
      const rss = process.memoryUsage().rss
      assert.match(
        await refuse(url),
        new RegExp(`the server packed it, with content-encoding "${encoding}"; nothing was`),
      )
      assert.ok(process.memoryUsage().rss - rss < 20 * 2 ** 20)
    }
  })

  it('takes so many bytes and no more, whatever the server has announced', async () => {
    const full = new Uint8Array(1000)
    const options = { ...local, maxBytes: 1000 }
    assert.equal((await fetchBytes(new URL(server.put('/full', full)), options)).length, 1000)
    assert.match(await refuse(server.put('/more', new Uint8Array(1001)), options), /it has more than 1000 bytes/)
    const chunked = server.put('/chunked', (_, response) => {
      response.write(full)
      response.end('x')
    })
    assert.match(await refuse(chunked, options), /it has more than 1000 bytes/)
    assert.equal(MAX_MODULE_BYTES, 5 * 2 ** 20)
  })

  it('refuses a body without end at the limit, in little memory, and hangs up', async () => {
    let isClosed = false
    const url = server.put('/endless', (_, response) => {
      response.on('close', () => (isClosed = true))
      pour(response, new Uint8Array(65_536))
    })
    const rss = process.memoryUsage().rss
    assert.match(await refuse(url), /it has more than 5242880 bytes/)
    assert.ok(process.memoryUsage().rss - rss < 20 * 2 ** 20)
    await waitUntil(() => isClosed, 'the connection to be closed')
  })

  it('believes no content-length', async () => {
    const long = server.put('/long', (_, response) => {
      response.socket!.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort')
    })
    assert.match(await refuse(long), /aborted/)
    const huge = server.put('/huge', (_, response) => {
      response.socket!.end('HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\nx')
    })
    assert.match(await refuse(huge), /it has more than 5242880 bytes/)
    const short = server.put('/short', (_, response) => {
      response.socket!.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nshort')
    })
    // The rest is never taken for a part of it: cut, or refused by Node as no HTTP.
    const got = await fetchBytes(new URL(short), local).catch(() => undefined)
    assert.ok(got === undefined || got.length === 2)
  })

  it('has a deadline for all of it, however little by little it comes', async () => {
    const slow = server.put('/slow', (_, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    assert.match(await refuse(slow, { deadlineMs: 150 }), /it has not arrived within 150 ms/)
    const silent = server.put('/silent', () => {})
    assert.match(await refuse(silent, { deadlineMs: 50 }), /it has not arrived within 50 ms/)
    const resolve = (): Promise<never> => new Promise(() => {})
    assert.match(await refuse('http://localhost:1/', { deadlineMs: 50, resolve }), /it has not arrived within 50 ms/)
  })

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController()
    const url = server.put('/stop', () => stop.abort(new RangeError('enough')))
    await assert.rejects(fetchBytes(new URL(url), { ...local, signal: stop.signal }), { message: 'enough' })
  })

  it('tells of a server that is not there', async () => {
    const gone = new ModuleServer()
    await gone.open()
    const url = gone.put('/x', 'x')
    await gone.close()
    assert.match(await refuse(url), /ECONNREFUSED.*; check the address/)
  })

  describe('addresses', () => {
    const hosts = ['127.1', '0x7f.1', '2130706433', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '[::]']
    const others = ['169.254.169.254', '[fd00:ec2::254]', '10.0.0.1', '192.168.0.1', '[fe80::1]', '100.100.100.200']
    for (const host of [...hosts, ...others]) {
      it(`refuses https://${host}, and connects to nothing`, async () => {
        const { connections } = server
        const text = await refuse(`https://${host}:${server.port}/x.js`, { allowed: ['public'] })
        assert.match(text, / is a .*address; https: modules come from public addresses/)
        assert.equal(server.connections, connections)
      })
    }

    for (const host of ['localhost', 'localhost.', 'modules.test']) {
      it(`refuses ${host} by what it leads to`, async () => {
        const resolve = async (): Promise<{ address: string; family: number }[]> => [
          { address: '127.0.0.1', family: 4 },
        ]
        const { connections } = server
        const text = await refuse(`https://${host}:${server.port}/x.js`, { allowed: ['public'], resolve })
        assert.match(text, /leads to 127\.0\.0\.1, a loopback address/)
        assert.equal(server.connections, connections)
      })
    }

    it('connects to the address that was checked, asked once for each module', async () => {
      let asked = 0
      const resolve = async (): Promise<{ address: string; family: number }[]> => {
        asked += 1
        return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
      }
      const url = server.put('/named', 'x', 'modules.test')
      assert.equal((await fetchBytes(new URL(url), { ...local, resolve })).length, 1)
      assert.equal(server.heads.at(-1)!.host, `modules.test:${server.port}`)
      assert.equal(asked, 1)
      assert.match(await refuse(url, { resolve }), /leads to 169\.254\.169\.254/)
    })
  })
})

function makeCertificate(folder: TempFolder): { readonly key: string; readonly cert: string } | undefined {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder.path, name)) as [string, string]
  const names = 'subjectAltName=DNS:localhost,DNS:modules.test,IP:127.0.0.1'
  try {
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const rest = ['-subj', '/CN=localhost', '-addext', names, '-keyout', key, '-out', cert]
    execFileSync('openssl', [...args, ...rest], { stdio: 'ignore' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    return undefined
  }
}

const folder = new TempFolder()
const certificate = makeCertificate(folder)
const skip = certificate === undefined ? 'there is no openssl to make a certificate with' : false

describe('fetchBytes() by https:', { skip }, () => {
  const secure = new ModuleServer(certificate)
  before(() => secure.open())
  after(async () => {
    await secure.close()
    folder.remove()
  })
  const { cert = '' } = certificate ?? {}

  it('takes a module from a server whose certificate is trusted, for this name', async () => {
    const url = new URL(secure.put('/x.js', 'x', 'localhost'))
    assert.equal((await fetchBytes(url, { ...local, ca: cert })).length, 1)
  })

  it('refuses a certificate that is not trusted, also when the environment says otherwise', async () => {
    const url = secure.put('/x.js', 'x', 'localhost')
    const setting = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      assert.match(await refuse(url), /self-signed certificate/)
    } finally {
      if (setting === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = setting
    }
  })

  it('refuses a certificate for another name', async () => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: '127.0.0.1', family: 4 }]
    assert.match(await refuse(secure.put('/x.js', 'x', 'other.test'), { ca: cert, resolve }), /altnames/)
  })

  it('follows no redirect to http:', async () => {
    const target = server.put('/plain.js', 'x')
    const url = secure.put('/down', (_, response) => response.writeHead(302, { location: target }).end(), 'localhost')
    assert.match(await refuse(url, { ca: cert }), /it is redirected to "http:/)
    assert.ok(!server.requests.includes('/plain.js'))
  })
})
