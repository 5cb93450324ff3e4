import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeHolder } from '../../../src/server/ports/port-holder.ts'
import { findFreePorts, startProgram } from './listeners.ts'

const notLinux = process.platform !== 'linux' && 'only Linux tells'

describe('describeHolder()', () => {
  it('names process, program and script, and no further arguments', { skip: notLinux }, async () => {
    const other = await startProgram('take-port.ts', '127.0.0.1', '0', 'a-secret')
    const described = describeHolder('127.0.0.1', Number(other.said))
    assert.match(described, new RegExp(String.raw`^process ${other.pid} \(node \S+take-port\.ts\)$`))
    await other.end()
  })

  it('knows nobody where nobody listens', async () => {
    assert.equal(describeHolder('127.0.0.1', await findFreePorts(1)), 'another program')
  })
})
