import assert from 'node:assert/strict'
import { it } from 'node:test'
import { explainClosed } from '../../src/broker/explain-closed.ts'

it('explainClosed() names the queue, and the loop if there is one', () => {
  assert.equal(explainClosed('c.a').code, 'ERR_EISENMP_QUEUE')
  assert.match(explainClosed('c.a').message, /^Cannot put into queue 'c\.a': it is closed; close a queue behind/)
  assert.match(explainClosed('a', 'mix').message, /^Cannot put into queue 'a' in loop 'mix': it is closed/)
})
