import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgramState, WorkerRow } from '../../src/cli/control-messages.ts'
import { formatPrograms, formatTime, formatWorkers } from '../../src/cli/program-table.ts'

const worker: WorkerRow = {
  name: 'main-0',
  pid: 101,
  state: 'ready',
  generation: 2,
  restarts: 1,
  uptimeMs: 5000,
  requests: 12,
  connections: 3,
  lagMs: 1.4,
  rssMb: 61.2,
  lastExit: 'killed by SIGKILL\u001b]0;x\u0007',
}
const shop: ProgramState = {
  name: 'shop',
  pid: 100,
  backend: 'processes',
  module: '/srv/shop.server.ts',
  uptimeMs: 3_600_000,
  workers: [worker, { ...worker, name: 'main-1', pid: 102, state: 'backoff', lagMs: undefined, rssMb: undefined }],
  addresses: ['main-0', 'main-1'].map((name) => {
    return { worker: name, group: 'main', address: '127.0.0.1', port: 3000, cores: 'all' }
  }),
}

test('formatTime() is short', () => {
  assert.deepEqual([999, 59_000, 61_000, 3_660_000, 90_000_000].map(formatTime), ['0s', '59s', '1m', '1h 1m', '1d 1h'])
})

test('formatPrograms() has a line for each program', () => {
  assert.deepEqual(formatPrograms([shop], undefined).split('\n'), [
    'name  pid  ready  uptime  restarts  addresses',
    'shop  100  1/2    1h 0m   2         127.0.0.1:3000',
  ])
})

test('formatPrograms() tells how many more addresses there are', () => {
  const addresses = [1, 2, 3, 4].map((port) => {
    return { worker: 'a', group: 'a', address: '::1', port, cores: 'all' }
  })
  assert.match(formatPrograms([{ ...shop, addresses }], undefined), /\[::1\]:1 \[::1\]:2 and 2 more$/)
})

test('formatWorkers() has a line for each worker, without what a terminal would obey', () => {
  const [head, first, second] = formatWorkers(shop, undefined).split('\n')
  assert.match(head!, /^worker +pid +state +life +restarts +requests +open +lag ms +MB +address +last exit$/)
  assert.match(first!, /^main-0 +101 +ready +2 +1 +12 +3 +1 +61 +127\.0\.0\.1:3000 +killed by SIGKILL$/)
  assert.match(second!, /^main-1 +102 +backoff +2 +1 +12 +3 +127\.0\.0\.1:3000/)
})

test('tables are cut to the width of a terminal', () => {
  for (const line of formatWorkers(shop, 40).split('\n')) assert.ok(line.length < 40 && line.endsWith('…'))
})
