import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { describe, it } from 'node:test'
import { checkAddresses, createCheckedLookup, resolveHost } from '../../src/loader/checked-lookup.ts'
import { FetchRefusal } from '../../src/loader/refusals.ts'

type Answer = { readonly error: Error | null; readonly address: unknown; readonly family: number | undefined }

function ask(lookup: ReturnType<typeof createCheckedLookup>, all: boolean): Promise<Answer> {
  return new Promise((resolve) => {
    lookup('modules.test', { all }, (error, address, family) => resolve({ error, address, family }))
  })
}

const toAnswer = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

describe('createCheckedLookup()', () => {
  it('gives the addresses that it has checked, all or the first', async () => {
    const lookup = createCheckedLookup(['public'], async () => toAnswer('8.8.8.8', '2a00::1'))
    assert.deepEqual((await ask(lookup, true)).address, toAnswer('8.8.8.8', '2a00::1'))
    const { error, address, family } = await ask(lookup, false)
    assert.deepEqual([error, address, family], [null, '8.8.8.8', 4])
  })

  it('refuses all when one of them may not be asked', async () => {
    const lookup = createCheckedLookup(['public'], async () => toAnswer('8.8.8.8', '169.254.169.254'))
    const { error, address } = await ask(lookup, true)
    assert.ok(error instanceof FetchRefusal)
    assert.match(
      error.message,
      /^modules\.test leads to 169\.254\.169\.254, a reserved, link-local or metadata address$/,
    )
    assert.deepEqual(address, [])
  })

  it('checks each answer of a name server that changes its mind, and gives none that it has not checked', async () => {
    const answers = [toAnswer('8.8.8.8'), toAnswer('127.0.0.1')]
    const lookup = createCheckedLookup(['public'], async () => answers.shift()!)
    assert.deepEqual((await ask(lookup, true)).address, toAnswer('8.8.8.8'))
    assert.ok((await ask(lookup, true)).error instanceof FetchRefusal)
  })

  it('passes on that a name has no address', async () => {
    assert.match(
      (
        await ask(
          createCheckedLookup(['public'], async () => []),
          true,
        )
      ).error!.message,
      /has no address/,
    )
    const failing = createCheckedLookup(['public'], () => Promise.reject(new Error('ENOTFOUND')))
    assert.match((await ask(failing, true)).error!.message, /ENOTFOUND/)
  })
})

describe('checkAddresses()', () => {
  it('lets through what is allowed, and names what is not', () => {
    checkAddresses('x', ['127.0.0.1', '10.0.0.1'], ['loopback', 'private'])
    assert.throws(() => checkAddresses('10.0.0.1', ['10.0.0.1'], ['public']), {
      message: '10.0.0.1 is a private address',
    })
    assert.throws(() => checkAddresses('x', ['8.8.8.8'], ['loopback']), {
      message: 'x leads to 8.8.8.8, a public address',
    })
  })
})

describe('resolveHost()', () => {
  it('asks the system', async () => {
    const addresses = await resolveHost('localhost')
    assert.ok(addresses.some(({ address }) => address === '127.0.0.1' || address === '::1'))
  })
})
