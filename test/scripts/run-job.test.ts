import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'

const module = new URL('../../scripts/bootstrap/run-job.mjs', import.meta.url).href

/** Counts its interrupts; ends by itself some time after the first, as a program does that drains. */
const draining = `
  let count = 0
  const timer = setInterval(() => {}, 1000)
  process.on('SIGINT', () => {
    console.log('interrupt', ++count)
    if (count === 1) setTimeout(() => { clearInterval(timer); process.exitCode = 130 }, 1200)
  })
  console.log('ready')
`
const endless = "setInterval(() => {}, 1000); console.log('ready')"

type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly output: string }

class Job {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #output = ''

  constructor(program: string) {
    const code = `import { runJob } from ${JSON.stringify(module)}
      await runJob({ path: process.execPath }, ['--eval', ${JSON.stringify(program)}])`
    const args = ['--input-type=module', '--eval', code]
    this.#child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#ended = once(this.#child, 'close')
    this.#child.stdout?.on('data', (data: Buffer) => {
      this.#output += data.toString()
    })
  }

  async awaitText(text: string): Promise<void> {
    const { stdout } = this.#child
    while (!this.#output.includes(text)) await once(stdout!, 'data', { signal: AbortSignal.timeout(20_000) })
  }

  signal(name: NodeJS.Signals, to: 'group' | 'parent'): void {
    process.kill((to === 'group' ? -1 : 1) * this.#child.pid!, name)
  }

  async end(): Promise<Ending> {
    await this.#ended
    return { code: this.#child.exitCode, signal: this.#child.signalCode, output: this.#output }
  }
}

describe('runJob()', { skip: process.platform === 'win32' }, () => {
  it('ends with the code of the job', async () => {
    assert.equal((await new Job('process.exitCode = 7').end()).code, 7)
  })

  for (const to of ['group', 'parent'] as const) {
    it(`lets the job see one interrupt of the ${to} once, and drain`, async () => {
      const job = new Job(draining)
      await job.awaitText('ready')
      job.signal('SIGINT', to)
      const { code, output } = await job.end()
      assert.equal(code, 130)
      assert.deepEqual(output.trim().split('\n'), ['ready', 'interrupt 1'])
    })

    it(`ends by the signal when the job does: SIGTERM to the ${to}`, async () => {
      const job = new Job(endless)
      await job.awaitText('ready')
      job.signal('SIGTERM', to)
      assert.equal((await job.end()).signal, 'SIGTERM')
    })
  }

  it('does not repeat what npm repeats: the group, then the parent', async () => {
    const job = new Job(draining)
    await job.awaitText('ready')
    job.signal('SIGINT', 'group')
    job.signal('SIGINT', 'parent')
    await job.awaitText('interrupt')
    job.signal('SIGINT', 'parent')
    assert.equal((await job.end()).output.match(/interrupt/g)?.length, 1)
  })
})
