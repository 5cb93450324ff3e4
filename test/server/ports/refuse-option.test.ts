import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refuseOption } from '../../../src/server/ports/refuse-option.ts'

describe('refuseOption()', () => {
  it('names what, what is wrong with it, and the repair', () => {
    const { code, message } = refuseOption("option 'ports' of serve()", 'there are none', 'name one')
    assert.deepEqual(
      [code, message],
      ['ERR_EISENMP_OPTION', "Cannot use option 'ports' of serve(): there are none; name one"],
    )
  })
})
