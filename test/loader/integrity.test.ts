import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashLike, isPin } from '../../src/loader/integrity.ts'
import { pinOf } from '../support/module-server.ts'

const bytes = new TextEncoder().encode('export const work = () => 1')
const right = pinOf(bytes)

describe('isPin()', () => {
  for (const algorithm of ['sha256', 'sha384', 'sha512']) {
    it(`takes ${algorithm}`, () => assert.ok(isPin(pinOf(bytes, algorithm))))
  }

  const wrong: readonly (readonly [name: string, value: unknown])[] = [
    ['nothing', ''],
    ['no text', 5],
    ['a list', [right]],
    ['md5', pinOf(bytes, 'md5')],
    ['sha1', pinOf(bytes, 'sha1')],
    ['an algorithm in capitals', right.replace('sha384', 'SHA384')],
    ['two hashes', `${right} ${right}`],
    ['options behind it', `${right}?ct=text/javascript`],
    ['space around it', ` ${right}`],
    ['a line end behind it', `${right}\n`],
    ['a hash that is cut', right.slice(0, -1)],
    ['a hash that is too long', `${right}A`],
    ['the length of another algorithm', right.replace('sha384', 'sha256')],
    ['base64 for URLs', `sha384-${'-'.repeat(64)}`],
    ['hexadecimal', `sha256-${'0'.repeat(64)}`],
    ['no algorithm', right.slice('sha384-'.length)],
  ]
  for (const [name, value] of wrong) it(`refuses ${name}`, () => assert.ok(!isPin(value)))
})

describe('hashLike()', () => {
  for (const algorithm of ['sha256', 'sha384', 'sha512']) {
    it(`hashes by ${algorithm} as the pin does`, () => {
      const pin = pinOf(bytes, algorithm)
      assert.equal(hashLike(pin, bytes), pin)
      assert.notEqual(hashLike(pin, bytes.subarray(1)), pin)
    })
  }
})
