import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFleet } from '../../../src/server/fleet/create-fleet.ts'
import { describeBoth } from '../../support/fleets.ts'
import { runProgram } from '../../support/run-program.ts'

const find = (name: string): URL => new URL(`../../fixtures/${name}`, import.meta.url)

describeBoth('createFleet()', (backend) => {
  const refused: [string, string, RegExp][] = [
    ['without a class', 'fleets/no-class.worker.ts', /has no class for the instances: it exports none/],
    ['with two classes', 'fleets/two-classes.worker.ts', /exports the classes 'One', 'Two'; name one/],
    ['that throws', 'throw-at-import.worker.ts', /Cannot start worker '/],
  ]
  for (const [what, file, message] of refused) {
    it(`rejects for a module ${what}, and leaves nothing behind`, async () => {
      const options = { module: find(file), workers: 1, backend, onOutput: () => {} }
      await assert.rejects(createFleet(options), { code: 'ERR_EISENMP_MODULE', message })
    })
  }

  it('takes the class that is named', async () => {
    const module = { url: find('fleets/two-classes.worker.ts'), export: 'Two' }
    const fleet = await createFleet({ module, workers: 1, backend })
    assert.equal(await (await fleet.create('x')).call('whoAmI'), 'two')
    await fleet.close()
  })

  it('rejects with the reason of its signal, before and while it starts', async () => {
    const reason = new Error('not now')
    const options = { module: find('fleets/two-classes.worker.ts'), workers: 1, backend }
    await assert.rejects(createFleet({ ...options, signal: AbortSignal.abort(reason) }), reason)
    const controller = new AbortController()
    const starting = createFleet({ ...options, signal: controller.signal })
    controller.abort(reason)
    await assert.rejects(starting, reason)
  })
})

describe('createFleet() in a program', { skip: process.platform === 'win32' }, () => {
  it('ends quietly on Ctrl-C while it starts', async () => {
    const result = await runProgram('fleet-never-ready.ts', {
      onOutput: (_stdout, child) => void child.kill('SIGINT'),
    })
    assert.deepEqual(result, { code: 130, signal: null, stdout: 'starting\n', stderr: '' })
  })
})
