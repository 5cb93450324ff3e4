import { isMainThread } from 'node:worker_threads'
import type { Toolbox } from '../../src/index.ts'
import { digest } from './digest.ts'
import { createRandom } from './random.ts'

export interface ChaosConfig {
  readonly seed: number
  /** Mean life of a worker in ms; none when 0. */
  readonly lifeMs: number
}

type Death = () => unknown

const unlimited: unknown[] = []

/** Ways to go that the thread or process chooses itself. */
const deaths: readonly Death[] = [
  () => process.exit(0),
  () => process.exit(7),
  () => {
    throw new Error('chaos: thrown in a timer')
  },
  () => Promise.reject(new Error('chaos: nobody catches this')),
  () => {
    process.exitCode = 3
    process.exit()
  },
]

/** Ways that end a whole process, so that a thread must not take them. */
const hardDeaths: readonly Death[] = [
  () => process.kill(process.pid, 'SIGKILL'),
  () => process.kill(process.pid, 'SIGSEGV'),
  () => process.kill(process.pid, 'SIGBUS'),
  () => process.abort(),
  () => {
    for (;;) unlimited.push(new Array(100_000).fill(unlimited.length))
  },
]

let isDoomed = false
let dieInsideAt = Infinity
let done = 0
let die: Death = () => {}

/** Chooses how and when this worker dies: in a timer, or in the middle of an item. */
function doom({ config, worker }: Toolbox<ChaosConfig>): void {
  isDoomed = true
  if (config.lifeMs === 0) return
  const random = createRandom(config.seed ^ (Number(worker.id.replace('.', '')) * 0x9e3779b1))
  const ways = isMainThread ? [...deaths, ...hardDeaths] : deaths
  die = ways[Math.floor(random() * ways.length)]!
  if (random() < 0.5) dieInsideAt = 1 + Math.floor(random() * config.lifeMs * 4)
  else setTimeout(() => die(), random() * 2 * config.lifeMs)
}

/** About a tenth of a millisecond of work, with an answer that shows any mix-up. */
export function work(n: number, toolbox: Toolbox<ChaosConfig>): string {
  if (!isDoomed) doom(toolbox)
  done += 1
  if (done >= dieInsideAt) {
    dieInsideAt = Infinity
    void die()
  }
  return digest(n)
}
