import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { tool } from '../../src/index.ts'
import { checkTools, holdTools } from '../../src/tools/hold-tools.ts'

describe('checkTools()', () => {
  it('makes tools of data', () => {
    const given = {
      array: new Float64Array(1),
      bytes: new SharedArrayBuffer(1),
      words: new Set(['a']),
      table: new Map([['a', 'b']]),
    }
    for (const [name, { kind }] of checkTools(given)) assert.equal(kind, name)
    assert.equal(checkTools(undefined).size, 0)
  })

  it('refuses all else', () => {
    for (const other of [
      undefined,
      null,
      'words.txt',
      5,
      {},
      ['a'],
      new ArrayBuffer(1),
      () => {},
      new DataView(new ArrayBuffer(1)),
    ]) {
      const message = /^Cannot use tool 'it' of createPool\(\): it is .*; give what tool\.words\(\)/
      assert.throws(() => checkTools({ it: other }), { code: 'ERR_EISENMP_OPTION', message })
    }
    assert.throws(() => checkTools(new Map()), /option 'tools'/)
  })
})

describe('holdTools()', () => {
  it('gives back those that are there when one cannot be built', async () => {
    let opened = 0
    const first = tool.words(() => [`a${(opened += 1)}`])
    const second = tool.words(() => assert.fail('no'))
    const tools = checkTools({ first, second })
    for (let i = 1; i <= 2; i++) {
      await assert.rejects(holdTools(tools, 'memory'), { code: 'ERR_EISENMP_TOOL', message: /tool 'second': .*no/ })
      assert.equal(opened, i)
    }
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    await (await holdTools(checkTools({ words: new Set(['a']) }), 'memory', signal)).release()
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  it('gives back a tool that is complete after nobody wants it', async () => {
    const controller = new AbortController()
    const gate = Promise.withResolvers<string[]>()
    let opened = 0
    const words = tool.words(() => {
      opened += 1
      return gate.promise
    })
    const holding = holdTools(checkTools({ words }), 'memory', controller.signal)
    controller.abort('enough')
    await assert.rejects(holding, (reason) => reason === 'enough')
    gate.resolve(['a'])
    await new Promise((resolve) => setImmediate(resolve))
    await (await holdTools(checkTools({ words }), 'memory')).release()
    await (await holdTools(checkTools({ words }), 'memory')).release()
    assert.ok(opened >= 2, String(opened))
  })
})
