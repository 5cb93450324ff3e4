import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createPool } from '../../src/index.ts'

interface Mounted {
  readonly path: string
  remove(): void
}

/** Mounts a folder where that is allowed, else takes one in a file system that is mounted already. */
function mountFolder(): Mounted | undefined {
  const point = mkdtempSync(join(tmpdir(), 'eisenmp-mount-'))
  const remove = (): void => rmSync(point, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', point], { stdio: 'ignore' })
    return {
      path: point,
      remove: () => {
        execFileSync('umount', ['-l', point])
        remove()
      },
    }
  } catch {
    remove()
  }
  const isOther = statSync('/dev/shm', { throwIfNoEntry: false })?.dev !== statSync(tmpdir()).dev
  if (!isOther) return undefined
  try {
    const path = mkdtempSync('/dev/shm/eisenmp-mount-')
    return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
  } catch {
    return undefined
  }
}

const mounted = mountFolder()
const skip = mounted === undefined ? 'nothing may be mounted, and /dev/shm is no file system of its own' : false

describe('worker modules in a mounted folder', { skip }, () => {
  after(() => mounted?.remove())

  function write(name: string, text: string): string {
    const path = join(mounted!.path, name)
    writeFileSync(path, text)
    return path
  }

  it('are in another file system than the program', () => {
    assert.notEqual(statSync(mounted!.path).dev, statSync(import.meta.filename).dev)
  })

  for (const backend of ['threads', 'processes'] as const) {
    it(`load by path and by file: URL, with mates and imports of their own: ${backend}`, async () => {
      write('package.json', '{ "type": "module" }')
      write('seen.ts', 'export const seen: number[] = []')
      const main = write(
        'main.ts',
        "import { seen } from './seen.ts'; export const read = (n: number): number[] => [n, ...seen]",
      )
      const mate = write('mate.ts', "import { seen } from './seen.ts'; export default (): void => void seen.push(1)")
      const pool = await createPool({ modules: [main, pathToFileURL(mate)], backend, workers: 2 })
      assert.deepEqual(await pool.run('read', 7), [7, 1])
      await pool.close()
    })
  }

  it('are missed before any worker starts when the folder is not mounted', async () => {
    const says = { code: 'ERR_EISENMP_MODULE', message: /there is no folder .*not-mounted; check the path/ }
    await assert.rejects(createPool({ modules: join(mounted!.path, 'not-mounted/main.ts') }), says)
  })
})
