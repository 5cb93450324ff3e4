import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listPorts } from '../../../src/server/ports/list-ports.ts'
import type { PortGroupOptions } from '../../../src/server/ports/port-options.ts'
import { readPortOptions } from '../../../src/server/ports/read-port-options.ts'

function list(ports: PortGroupOptions['ports'], needed: number, onPortBusy: 'fail' | 'next' = 'fail') {
  const groups = [{ name: 'red', workers: 1, ports: ports!, onPortBusy }]
  return listPorts(readPortOptions('serve()', { groups })[0]!, needed)
}

describe('listPorts()', () => {
  it('takes as many ports as are needed, from the first on', () => {
    assert.deepEqual(list({ from: 11_000 }, 3), { ports: [11_000, 11_001, 11_002], candidates: undefined })
    assert.deepEqual(list({ from: 11_000, to: 11_020, step: 10 }, 3).ports, [11_000, 11_010, 11_020])
    assert.deepEqual(list({ from: 65_535 }, 1).ports, [65_535])
    assert.deepEqual(list([9, 7, 8], 2).ports, [9, 7])
    assert.deepEqual(list(80, 2).ports, [80, 81])
    assert.deepEqual(list('auto', 2, 'next'), { ports: [0, 0], candidates: undefined })
    assert.deepEqual(list(0, 1).ports, [0])
  })

  it('knows which ports may be taken instead of busy ones', () => {
    assert.deepEqual(list({ from: 10, to: 14, step: 2 }, 1, 'next').candidates, [10, 12, 14])
    assert.deepEqual(list([9, 7, 8], 2, 'next').candidates, [9, 7, 8])
    const open = list(65_530, 1, 'next').candidates!
    assert.deepEqual([open.length, open.at(-1)], [6, 65_535])
  })

  const refusals: readonly (readonly [ports: PortGroupOptions['ports'], needed: number, message: string])[] = [
    [{ from: 15_000, to: 15_001 }, 3, "15000 to 15001 is 2 ports for 3 servers; set 'to' to 15002 or more"],
    [
      { from: 15_000, to: 15_004, step: 5 },
      2,
      "15000 to 15004 in steps of 5 is 1 port for 2 servers; set 'to' to 15005 or more",
    ],
    [{ from: 65_535 }, 2, "from 65535 to 65535 is 1 port for 2 servers; lower 'from'"],
    [{ from: 65_000, to: 65_010 }, 9000, "65000 to 65010 is 11 ports for 9000 servers; lower 'from'"],
    [{ from: 5, to: 4 }, 1, "it goes from 5 down to 4; 'to' must not be below 'from'"],
    [[1, 2], 3, '2 ports for 3 servers; name 3 or more'],
    [[1, 2, 1], 1, 'port 1 is named twice; name it once'],
  ]
  for (const [ports, needed, message] of refusals) {
    it(`refuses ${JSON.stringify(ports)} for ${needed}`, () => {
      const whole = `Cannot use option 'ports' of group 'red' of serve(): ${message}`
      assert.throws(() => list(ports, needed), { code: 'ERR_EISENMP_OPTION', message: whole })
    })
  }
})
