import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseAddress } from '../../../src/server/ports/choose-address.ts'
import type { ListenOptions } from '../../../src/server/ports/port-options.ts'
import { machine } from './plan.ts'

const choose = (options: ListenOptions): string =>
  Object.values(chooseAddress(options, machine.adapters, "group 'red' of serve()")).join(' ')

describe('chooseAddress()', () => {
  const rows: readonly (readonly [options: ListenOptions, chosen: string])[] = [
    [{}, '127.0.0.1 4'],
    [{ family: 6 }, '::1 6'],
    [{ address: '0.0.0.0' }, '0.0.0.0 4'],
    [{ address: '0:0::0' }, ':: 6'],
    [{ address: '203.0.113.9' }, '203.0.113.9 4'],
    [{ address: 'FE80::5%eth0' }, 'fe80::5%eth0 6'],
    [{ adapter: 'eth0' }, '192.168.0.1 4'],
    [{ adapter: 'eth0', family: 6 }, 'fd00::2 6'],
    [{ adapter: 'eth0', address: '192.168.0.2' }, '192.168.0.2 4'],
    [{ adapter: 'eth0', address: 'fe80::1' }, 'fe80::1%eth0 6'],
    [{ adapter: 'eth0', address: 'fe80::1%eth0' }, 'fe80::1%eth0 6'],
    [{ adapter: 'tun0' }, 'fe80::3%tun0 6'],
  ]
  for (const [options, chosen] of rows) {
    it(`chooses ${chosen} of ${JSON.stringify(options)}`, () => assert.equal(choose(options), chosen))
  }

  const refusals: readonly (readonly [options: ListenOptions, message: string])[] = [
    [
      { address: 'localhost' },
      "'address' of …: 'localhost' is 127.0.0.1 on some machines and ::1 on others; write '127.0.0.1' or '::1'",
    ],
    [
      { address: 'shop.example' },
      "'address' of …: 'shop.example' is no IP address; write one as '127.0.0.1' or '::1', or name an adapter",
    ],
    [
      { address: '127.1' },
      "'address' of …: '127.1' is no IP address; write one as '127.0.0.1' or '::1', or name an adapter",
    ],
    [{ address: '[::1]' }, "'address' of …: it is '[::1]'; write '::1'"],
    [{ address: '::ffff:127.0.0.1' }, "'address' of …: '::ffff:127.0.0.1' is an IPv4 address; write '127.0.0.1'"],
    [{ address: '224.0.0.1' }, "'address' of …: '224.0.0.1' is no address of one machine; name one of this one"],
    [{ address: 'ff02::1' }, "'address' of …: 'ff02::1' is no address of one machine; name one of this one"],
    [
      { address: 'fe80::1' },
      "'address' of …: 'fe80::1' is link-local, and every adapter has such addresses; add the adapter, as in 'fe80::1%tun0'",
    ],
    [{ address: '::1', family: 4 }, "'family' of …: it is 4, and '::1' is IPv6; leave it out"],
    [
      { adapter: 'eht0' },
      "'adapter' of …: no adapter named 'eht0' is up with an address; did you mean 'eth0'? this machine has lo, eth0, eth1, tun0",
    ],
    [
      { adapter: 'constructor' },
      "'adapter' of …: no adapter named 'constructor' is up with an address; this machine has lo, eth0, eth1, tun0",
    ],
    [
      { adapter: 'eth1', family: 6 },
      "'adapter' of …: adapter 'eth1' has no IPv6 address; it has 192.168.0.3; leave out 'family' or name another adapter",
    ],
    [
      { adapter: 'eth1', address: '192.168.0.1' },
      "'address' of …: '192.168.0.1' is no address of adapter 'eth1'; it has 192.168.0.3",
    ],
    [
      { adapter: 'eth0', address: 'fe80::1%tun0' },
      "'address' of …: 'fe80::1%tun0' is no address of adapter 'eth0'; it has fe80::1, fd00::2, 192.168.0.1, 192.168.0.2",
    ],
  ]
  for (const [options, message] of refusals) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      const whole = `Cannot use option ${message.replace('…', "group 'red' of serve()")}`
      assert.throws(() => choose(options), { code: 'ERR_EISENMP_OPTION', message: whole })
    })
  }
})
