import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classifyAddress, namesLoopback, readHost } from '../../src/loader/host-address.ts'

const kinds: Readonly<Record<ReturnType<typeof classifyAddress>, readonly string[]>> = {
  public: ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '223.255.255.255', '2606:4700:4700::1111', '2a00::1'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd12::1', 'fc00::1'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  never: [
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '203.0.113.5',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '::127.0.0.1',
    '127.1',
    '0x7f.1',
    '2130706433',
    'localhost',
    '',
  ],
}

describe('classifyAddress()', () => {
  for (const [kind, addresses] of Object.entries(kinds)) {
    for (const address of addresses) {
      it(`takes '${address}' for ${kind}`, () => assert.equal(classifyAddress(address), kind))
    }
  }
})

describe('readHost()', () => {
  it('gives names and addresses, without brackets', () => {
    assert.equal(readHost(new URL('https://example.org:8443/x.js')), 'example.org')
    assert.equal(readHost(new URL('https://[::1]/x.js')), '::1')
  })

  // What people write to get around a filter, URL has turned into plain addresses before anybody looks.
  for (const host of ['127.1', '0x7f.1', '2130706433', '017700000001', '127.0.0.1', '１２７.0.0.1']) {
    it(`sees through ${host}`, () => assert.equal(readHost(new URL(`https://${host}/`)), '127.0.0.1'))
  }
})

describe('namesLoopback()', () => {
  for (const host of ['localhost', 'LOCALHOST', 'app.localhost', '127.0.0.1', '127.1', '127.9.9.9', '[::1]']) {
    it(`is true for ${host}`, () => assert.ok(namesLoopback(new URL(`http://${host}:80/x.js`))))
  }
  for (const host of ['example.org', '0.0.0.0', '10.0.0.1', 'localhost.example.org', '[::]', '169.254.169.254']) {
    it(`is false for ${host}`, () => assert.ok(!namesLoopback(new URL(`http://${host}/x.js`))))
  }
})
