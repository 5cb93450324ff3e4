import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAddress, formatAddresses, listAddresses } from '../../src/cli/address-table.ts'
import type { AddressRow } from '../../src/cli/control-messages.ts'

const shared: AddressRow[] = [0, 1, 2].map((i) => {
  return { worker: `main-${i}`, group: 'main', address: '127.0.0.1', port: 3000, cores: 'all' }
})
const own: AddressRow[] = [
  { worker: 'red-0', group: 'red', address: '127.0.0.1', port: 11_000, cores: '0,1' },
  { worker: 'red-1', group: 'red', address: '127.0.0.1', port: 11_001, cores: '0,1' },
  { worker: 'blue-0', group: 'blue', address: '::1', port: 15_000, cores: 'all' },
]

test('an IPv6 address is told in brackets, and each address once', () => {
  assert.equal(formatAddress(own[2]!), '[::1]:15000')
  assert.deepEqual(listAddresses(shared), ['127.0.0.1:3000'])
})

test('formatAddresses() has a line for each address', () => {
  assert.deepEqual(formatAddresses(shared, undefined).split('\n'), [
    '  workers           address',
    '  main-0 to main-2  127.0.0.1:3000',
  ])
  assert.deepEqual(formatAddresses(own, 80).split('\n'), [
    '  workers  address          cores',
    '  red-0    127.0.0.1:11000  0,1',
    '  red-1    127.0.0.1:11001  0,1',
    '  blue-0   [::1]:15000      all',
  ])
})

test('formatAddresses() loses no character of an address, however narrow the terminal is', () => {
  for (const columns of [10, 12, 20, 30]) {
    const text = formatAddresses(own, columns)
    for (const line of text.split('\n')) assert.ok(line.length < columns, line)
    const joined = text.replaceAll('\n', '')
    for (const row of own) assert.ok(joined.includes(formatAddress(row)), text)
  }
})
