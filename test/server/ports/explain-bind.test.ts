import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explainBind, isBusy } from '../../../src/server/ports/explain-bind.ts'
import { planOn } from './plan.ts'

describe('explainBind()', () => {
  const { socket } = planOn({ address: '::1', port: 80 })[0]!.servers[0]!
  const explain = (code: string): string => explainBind(socket, Object.assign(new Error(code), { code })).message

  const rows = [
    ['EMFILE', 'this program has too many open files; raise the limit with ulimit -n, or use fewer ports'],
    ['EAFNOSUPPORT', 'this machine has no IPv6; choose an address of the other family'],
    ['ENOTSUP', "threads cannot share ports on this system; use backend 'processes'"],
    ['ERR_NO_DESCRIPTOR', "sockets cannot be inherited on this system; use backend 'threads'"],
    ['EWHATEVER', 'the system says EWHATEVER'],
  ] as const
  for (const [code, why] of rows) {
    it(`says what ${code} means`, () => {
      assert.equal(explain(code), `Cannot listen at [::1]:80 for serve(): ${why}`)
    })
  }

  it('knows a busy port, whatever was thrown', () => {
    assert.ok(isBusy(Object.assign(new Error('busy'), { code: 'EADDRINUSE' })))
    assert.ok(!isBusy(undefined) && !isBusy('EADDRINUSE') && !isBusy(new Error('EADDRINUSE')))
  })
})
