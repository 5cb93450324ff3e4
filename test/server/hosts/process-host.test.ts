import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createProcessHosts } from '../../../src/server/hosts/process-host.ts'
import { describeHosts } from '../../contracts/host-contract.ts'
import { Hosted } from '../../support/hosted.ts'

describe('a worker that is a process', () => {
  describeHosts(createProcessHosts)

  it('tells the signal that has ended it', async () => {
    const kind = createProcessHosts()
    const hosted = new Hosted(kind)
    await hosted.next('ready')
    process.kill(hosted.host.identity.pid, 'SIGKILL')
    const { signal, reason } = await hosted.gone
    assert.deepEqual([signal, reason], ['SIGKILL', 'its process was ended by SIGKILL'])
    await kind.close()
  })
})
