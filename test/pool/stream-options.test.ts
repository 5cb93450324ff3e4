import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { checkStreamOptions } from '../../src/pool/stream-options.ts'

function refuse(options: unknown): string {
  try {
    checkStreamOptions('from()', options, 2)
  } catch (error) {
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_OPTION'))
    return error.message
  }
  return assert.fail('it was taken')
}

describe('checkStreamOptions()', () => {
  it('fills in the defaults', () => {
    assert.deepEqual(checkStreamOptions('from()', undefined, 3), {
      ordered: true,
      fixedChunk: undefined,
      limits: { targetMs: 10, maxItems: 10_000, maxBytes: 2 ** 20 },
      isMaxItemsGiven: false,
      window: 12,
      total: undefined,
      onError: 'throw',
      signal: undefined,
    })
  })

  it('takes a chunk of a fixed size, and limits of a measured one', () => {
    assert.equal(checkStreamOptions('from()', { chunk: 7 }, 2).fixedChunk, 7)
    assert.equal(checkStreamOptions('from()', { chunk: 'auto' }, 2).fixedChunk, undefined)
    const { limits, fixedChunk } = checkStreamOptions('from()', { chunk: { targetMs: 0.5, maxItems: undefined } }, 2)
    assert.deepEqual([limits, fixedChunk], [{ targetMs: 0.5, maxItems: 10_000, maxBytes: 2 ** 20 }, undefined])
  })

  const bad: readonly (readonly [options: unknown, text: string])[] = [
    [5, 'the options of from(): 5 was given; give a plain object'],
    [{ orderd: false }, "did you mean 'ordered'?"],
    [{ ordered: 'no' }, '\'ordered\' of from(): it is "no"; it must be true or false'],
    [
      { chunk: 0 },
      "'chunk' of from(): it is 0; it must be 'auto', a whole number from 1, or { targetMs, maxItems, maxBytes }",
    ],
    [{ chunk: 1.5 }, "'chunk'"],
    [{ chunk: 'big' }, "'chunk'"],
    [{ chunk: { maxItem: 5 } }, "'maxItem' of from() { chunk }: there is no such option; did you mean 'maxItems'?"],
    [{ chunk: { targetMs: 0 } }, "'targetMs' of from() { chunk }"],
    [{ chunk: { maxBytes: 0 } }, "'maxBytes' of from() { chunk }"],
    [{ window: 0 }, "'window' of from(): it is 0; it must be a whole number from 1"],
    [{ window: Infinity }, "'window' of from(): it is Infinity"],
    [{ total: -1 }, "'total'"],
    [{ onError: 'ignore' }, "'onError' of from(): it is \"ignore\"; it must be 'throw', 'skip' or a function"],
    [{ signal: {} }, "'signal' of from(): it is an object; it must be an AbortSignal"],
  ]
  for (const [options, text] of bad) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      const message = refuse(options)
      assert.ok(message.includes(text), message)
    })
  }
})
