import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { SerialLog } from '../../src/pool/serial-log.ts'

it('SerialLog is a set that knows where its first gap is', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30)), (serials) => {
      const log = new SerialLog()
      for (const serial of serials) log.add(serial)
      const model = new Set(serials)
      let below = 0
      while (model.has(below)) below += 1
      assert.equal(log.below, below)
      for (let serial = 0; serial < 32; serial += 1) assert.equal(log.has(serial), model.has(serial))
    }),
  )
})
