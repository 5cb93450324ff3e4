import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { getPriority } from 'node:os'
import { describe, it } from 'node:test'
import { setWorkerPriority } from '../../src/supervisor/priority.ts'
import { readUsage } from '../../src/supervisor/usage.ts'

describe('setWorkerPriority()', () => {
  it('is of a process, with all its threads', async () => {
    const child = spawn(process.execPath, [
      '--eval',
      "console.log('up'); process.stdin.on('data', () => process.exit())",
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const place = { backend: 'processes', pid: child.pid!, systemThreadId: 0 } as const
    assert.equal(setWorkerPriority(place, 19), 'set')
    assert.deepEqual([getPriority(child.pid), readUsage(place, 0).nice], [19, 19])
    child.stdin.write('end')
    await new Promise((resolve) => child.on('exit', resolve))
    assert.match(setWorkerPriority(place, 19), /^not supported: /)
  })

  it(
    'tells that the system does not permit it',
    { skip: process.getuid?.() !== 0 && 'only root can give it up' },
    async () => {
      const url = new URL('../../src/supervisor/priority.ts', import.meta.url).href
      const code = `import { setWorkerPriority } from ${JSON.stringify(url)}
      process.setuid(65534)
      console.log(setWorkerPriority({ backend: 'processes', pid: process.pid, systemThreadId: 0 }, -5))`
      const child = spawn(process.execPath, ['--input-type=module', '--eval', code])
      const text = await new Promise<string>((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes))))
      assert.equal(text.trim(), 'not permitted: the system lets this user lower a priority only (EACCES)')
    },
  )

  it('tells why a worker cannot have one', () => {
    const place = { pid: process.pid, systemThreadId: 0 }
    assert.match(setWorkerPriority({ ...place, backend: 'inline' }, 5), /^not supported: inline workers run in/)
    assert.match(
      setWorkerPriority({ ...place, backend: 'threads' }, 5),
      /^not supported: (its permissions|not on this)/,
    )
  })
})
