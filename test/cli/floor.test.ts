import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainFloor } from '../../src/cli/floor.ts'

const range = '^22.18.0 || ^24.11.0 || >=26'

for (const version of ['22.18.0', '22.23.3', '24.11.0', '24.21.0', '26.0.0', '27.0.0-nightly', '30.1.2']) {
  test(`explainFloor() has nothing to say about Node ${version}`, () => {
    assert.equal(explainFloor(version, range), undefined)
  })
}

for (const version of ['12.22.12', '20.20.2', '22.17.9', '23.11.0', '24.10.9', '25.9.0']) {
  test(`explainFloor() names Node ${version}, the range, and the repair`, () => {
    const text = explainFloor(version, range)
    assert.match(text ?? '', /needs Node \^22\.18\.0 \|\| \^24\.11\.0 \|\| >=26.*\n.*newer one/)
    assert.ok(text?.includes(version))
  })
}
