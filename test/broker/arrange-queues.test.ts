import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { it } from 'node:test'
import { arrangeQueues } from '../../src/broker/arrange-queues.ts'

it('arrangeQueues() puts queues where their names say, and explains names that are not there', async () => {
  const traits = [
    { name: 'input', category: undefined, capacity: 1 },
    { name: 'audio', category: 'batch', capacity: 1 },
  ]
  const queues = arrangeQueues(traits, ({ name }, id) => `${name}${id}`) as {
    input: string
    batch: { audio: string; adio?: unknown }
    inptu?: unknown
    xyz?: unknown
  }
  assert.deepEqual([queues.input, queues.batch.audio, Object.keys(queues)], ['input0', 'audio1', ['input', 'batch']])
  assert.throws(() => queues.inptu, { code: 'ERR_EISENMP_QUEUE', message: /did you mean 'input'\?/ })
  assert.throws(() => queues.batch.adio, { message: /queue 'batch\.adio'.*did you mean 'audio'\?/ })
  assert.throws(() => queues.xyz, { message: /there are input, batch$/ })
  // Asked for by the language and by tools.
  assert.equal(await Promise.resolve(queues), queues)
  assert.equal(JSON.stringify(queues), '{"input":"input0","batch":{"audio":"audio1"}}')
  assert.match(inspect(queues), /input0/)
})
