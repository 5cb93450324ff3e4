import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toPlanRows } from '../../../src/server/ports/plan-rows.ts'
import { toUpstreams } from '../../../src/server/ports/to-upstreams.ts'
import { planOn } from './plan.ts'

describe('toUpstreams()', () => {
  it('has a block for each group, each endpoint once, as it is reached from this machine', () => {
    const groups = [
      { name: 'red', workers: 2, adapter: 'eth0', ports: { from: 11_000 } },
      { name: 'blue', workers: 2, address: '::', ports: 15_000 },
    ] as const
    assert.equal(
      toUpstreams(toPlanRows(planOn({ groups }))),
      `upstream red {
    server 192.168.0.1:11000;
    server 192.168.0.1:11001;
}
upstream blue {
    server [::1]:15000;
}
`,
    )
  })

  it('refuses a plan whose ports are not known', () => {
    assert.throws(() => toUpstreams(toPlanRows(planOn({ port: 0 }))), {
      message: "Cannot use the ports of group 'main': they are not chosen yet; take the plan of running servers",
    })
  })
})
