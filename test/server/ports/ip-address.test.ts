import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  doOverlap,
  formatEndpoint,
  isLinkLocal,
  isMulticast,
  normalizeAddress,
  splitScope,
  unmapAddress,
} from '../../../src/server/ports/ip-address.ts'

describe('ip-address', () => {
  it('writes equal addresses in one way, with their scope', () => {
    assert.equal(normalizeAddress('0:0:0:0:0:0:0:1'), '::1')
    assert.equal(normalizeAddress('FE80:0::A%eth0'), 'fe80::a%eth0')
    assert.equal(normalizeAddress('127.0.0.1'), '127.0.0.1')
    assert.deepEqual(splitScope('fe80::a%eth0'), { bare: 'fe80::a', scope: 'eth0' })
  })

  it('knows link-local, multicast and mapped addresses', () => {
    assert.deepEqual(['fe80::1', 'FEBF::1%lo', 'fec0::1', '169.254.0.1'].map(isLinkLocal), [true, true, false, false])
    assert.deepEqual(['224.0.0.1', 'ff02::1', '223.255.255.255', '::'].map(isMulticast), [true, true, false, false])
    assert.equal(unmapAddress('::FFFF:192.168.0.1'), '192.168.0.1')
    assert.equal(unmapAddress('::1'), undefined)
    assert.equal(unmapAddress('10.0.0.1'), undefined)
  })

  it('knows that wildcards take the addresses of their family, and :: those of both', () => {
    assert.ok(doOverlap('::', '10.0.0.1') && doOverlap('10.0.0.1', '0.0.0.0') && doOverlap('::1', '::'))
    assert.ok(!doOverlap('::1', '0.0.0.0') && !doOverlap('10.0.0.1', '10.0.0.2'))
  })

  it('writes endpoints as URLs do', () => {
    assert.equal(formatEndpoint({ address: '::1', port: 80 }), '[::1]:80')
    assert.equal(formatEndpoint({ address: '127.0.0.1', port: 80 }), '127.0.0.1:80')
  })
})
