import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PortOptions } from '../../../src/server/ports/port-options.ts'
import { readPortOptions } from '../../../src/server/ports/read-port-options.ts'

function read(options: unknown): ReturnType<typeof readPortOptions> {
  return readPortOptions('serve()', options as PortOptions)
}

const red = { name: 'red', workers: 1 } as const

describe('readPortOptions()', () => {
  it('makes one group of the options for all, and leaves others alone', () => {
    assert.deepEqual(read({ module: './shop.ts', port: 8080, address: '::1', cores: undefined }), [
      {
        name: 'main',
        whose: 'serve()',
        workers: 'rest',
        address: '::1',
        ports: 8080,
        share: 'shared',
        serversPerWorker: 1,
        onPortBusy: 'fail',
      },
    ])
  })

  const shares = [
    [undefined, 'shared'],
    [11_000, 'shared'],
    [0, 'shared'],
    ['auto', 'each'],
    [[11_000], 'each'],
    [{ from: 11_000 }, 'each'],
  ] as const
  for (const [ports, share] of shares) {
    it(`takes ports ${JSON.stringify(ports)} as '${share}' by itself`, () => {
      const [group] = readPortOptions('serve()', { groups: [{ ...red, ...(ports !== undefined && { ports }) }] })
      assert.equal(group!.share, share)
      assert.equal(group!.whose, "group 'red' of serve()")
    })
  }

  it('does not take what was put into Object.prototype for an option', () => {
    const polluted = Object.prototype as Record<string, unknown>
    polluted['address'] = '0.0.0.0'
    try {
      assert.equal(Object.hasOwn(read({})[0]!, 'address'), false)
    } finally {
      delete polluted['address']
    }
  })

  const refusals: readonly (readonly [options: unknown, message: string])[] = [
    [{ port: 65_536 }, "option 'port' of serve(): it is 65536; it must be a whole number from 0 to 65535"],
    [{ port: '3000' }, `option 'port' of serve(): it is "3000"; it must be a whole number from 0 to 65535`],
    [{ address: '' }, `option 'address' of serve(): it is ""; it must be a text that is not empty`],
    [{ family: 5 }, "option 'family' of serve(): it is 5; it must be 4 or 6"],
    [
      { serversPerWorker: 0 },
      "option 'serversPerWorker' of serve(): it is 0; it must be a whole number from 1 to 1024",
    ],
    [
      { cores: [] },
      "option 'cores' of serve(): it is an array of 0; it must be an array of core numbers, not empty, or 'each'",
    ],
    [{ onPortBusy: 'retry' }, `option 'onPortBusy' of serve(): it is "retry"; it must be "fail" or "next"`],
    [{ groups: [] }, "option 'groups' of serve(): it is an array of 0; it must be an array of groups, not empty"],
    [
      { groups: [red], port: 1 },
      "option 'port' of serve(): there is 'groups' too; give it to the groups that it is for as 'ports'",
    ],
    [
      { groups: [red], adapter: 'lo' },
      "option 'adapter' of serve(): there is 'groups' too; give it to the groups that it is for",
    ],
    [{ groups: [red, { ...red }] }, "option 'groups' of serve(): two groups are named 'red'; give each its own name"],
    [{ groups: ['red'] }, `the options of groups[0] of serve(): "red" was given; give a plain object`],
    [{ groups: [{ workers: 1 }] }, "the options of groups[0] of serve(): 'name' is missing; it has no default"],
    [
      { groups: [red, { name: 'blue' }] },
      "the options of group 'blue' of serve(): 'workers' is missing; it has no default",
    ],
    [
      { groups: [{ ...red, name: '' }] },
      `option 'name' of groups[0] of serve(): it is ""; it must be a name of letters, digits, - and _, at most 32, that begins with a letter`,
    ],
    [
      { groups: [{ ...red, adres: '::1' }] },
      "option 'adres' of group 'red' of serve(): there is no such option; did you mean 'address'?",
    ],
    [
      { groups: [{ ...red, port: 1 }] },
      "option 'port' of group 'red' of serve(): there is no such option; did you mean 'ports'?",
    ],
    [
      { groups: [{ ...red, workers: [0, -1] }] },
      "option 'workers' of group 'red' of serve(): it is an array of 2; it must be an array of worker numbers, not empty, or a count from 1, or 'rest'",
    ],
    [
      { groups: [{ ...red, ports: [0] }] },
      "option 'ports' of group 'red' of serve(): it is an array of 1; it must be a port from 0 to 65535, an array of ports from 1, { from, to, step }, or 'auto'",
    ],
    [
      { groups: [{ ...red, ports: { from: 70_000 } }] },
      "option 'from' of ports of group 'red' of serve(): it is 70000; it must be a whole number from 1 to 65535",
    ],
    [
      { groups: [{ ...red, ports: {} }] },
      "the options of ports of group 'red' of serve(): 'from' is missing; it has no default",
    ],
    [
      { groups: [{ ...red, ports: { from: 1, too: 3 } }] },
      "option 'too' of ports of group 'red' of serve(): there is no such option; did you mean 'to'?",
    ],
  ]
  for (const [options, message] of refusals) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => read(options), { code: 'ERR_EISENMP_OPTION', message: `Cannot use ${message}` })
    })
  }
})
