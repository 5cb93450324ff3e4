// One kind of items at one cost, by all contenders in turn.
import { setTimeout as wait } from 'node:timers/promises'
import { listContenders } from '../contenders.ts'
import { type Contender, type OpenContender, WORKERS } from '../contenders/contender.ts'
import { peers } from '../contenders/peers.ts'
import { measurePython, pythonNames, pythonWays } from '../contenders/python.ts'
import { watchCpu } from '../proc.ts'
import { checkEqual } from '../question.ts'
import { work, workFor } from '../work.ts'
import { type Kind, kinds } from './kinds.ts'
import { grainProgram } from './protocol.ts'

const PER_ITEM_CALL_US = 20
/** A chunk made by hand takes no longer than this, so that no worker is left alone with the last one. */
const HAND_MADE_US = 10_000
/** As long as the plain loop must take to be measured, µs. */
const PLAIN_US = 20_000
/** What Python's pools need for an item that travels alone, and in a chunk. */
const PYTHON_US = { imap: 60, 'imap-chunks': 1.5, 'executor-chunks': 3 } as const

const input = grainProgram.readInput()
const { run, costUs } = input
const { extent } = run
const kind: Kind = kinds[input.kind]
const hand = { items: Math.max(1, Math.min(kind.handMade, Math.round(HAND_MADE_US / Math.max(1, costUs)))) }
const isSmoke = extent.name === 'smoke'

function* make(count: number): Generator {
  for (let i = 0; i < count; i++) yield kind.make(i)
}

function sumOverGenerator(count: number): number {
  let sum = 0
  for (const item of make(count)) sum += work(item)
  return sum
}

function sumByIndex(count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += work(i)
  return sum
}

/** The plain loop over the same items: its time for each of them, and the sum. */
function measurePlain(loop: (count: number) => number, count: number): { us: number; sum: number } {
  const times = isSmoke ? 1 : Math.ceil(PLAIN_US / (count * Math.max(0.05, costUs)))
  let sum = 0
  const start = performance.now()
  for (let time = 0; time < times; time++) sum = loop(count)
  return { us: ((performance.now() - start) * 1000) / (times * count), sum }
}

function countItems(overheadUs: number): number {
  return Math.round(Math.max(200, Math.min(3_000_000, (extent.cellMs * 1000) / (costUs + overheadUs))))
}

interface Open {
  readonly contender: Contender
  readonly pool: OpenContender
  readonly count: number
  readonly plainUs: number[]
  readonly efficiency: number[]
}

async function open(contender: Contender): Promise<Open> {
  const isPerItem = contender.isPerItem === true
  // Of what is mostly overhead, less is enough to know how much.
  const count = countItems(kind.wayUs + (isPerItem ? 4 * PER_ITEM_CALL_US : 0))
  return { contender, pool: await contender.open(hand), count, plainUs: [], efficiency: [] }
}

async function measure({ contender, pool, count, plainUs, efficiency }: Open): Promise<void> {
  const plain = measurePlain(contender.isIndexed === true ? sumByIndex : sumOverGenerator, count)
  const start = performance.now()
  const sum = await pool.sum(() => make(count), count)
  const us = ((performance.now() - start) * 1000) / count
  checkEqual(`${contender.name}, ${input.kind}, ${costUs} µs`, sum, plain.sum)
  plainUs.push(plain.us)
  efficiency.push(plain.us / (WORKERS * us))
}

/** Python opens its pools anew in each round; that is not in the time. */
function preparePython(): { name: string; plainUs: number[]; efficiency: number[]; measure(): void }[] {
  return pythonWays.map((way) => {
    const count = countItems(kind.wayUs + PYTHON_US[way])
    const [plainUs, efficiency]: [number[], number[]] = [[], []]
    const measureWay = (): void => {
      const times = measurePython(way, input.kind, count, input.pythonRounds, hand.items)
      let expected = 0
      for (const item of make(count)) expected += workFor(item, input.pythonRounds)
      checkEqual(`${way}, ${input.kind}`, times.sum, expected)
      plainUs.push((times.plainMs * 1000) / count)
      efficiency.push(times.plainMs / (WORKERS * times.poolMs))
    }
    return { name: pythonNames[way], plainUs, efficiency, measure: measureWay }
  })
}

/** All pools stay open, each waits for its turn: what do they use meanwhile? */
async function watchIdle(): Promise<number> {
  const ms = isSmoke ? 0 : 500
  await wait(ms)
  const readCpuMs = watchCpu()
  await wait(ms)
  return (readCpuMs() * 100) / Math.max(1, ms)
}

/** Pools that send each call by a message differ little: one stands for all, except where much time is given. */
function isAsked({ name, isIndexed }: Contender): boolean {
  if (input.kind === 'numbers') return true
  if (isSmoke) return name === 'eisenmp forEach'
  const isPeer = peers.some((peer) => peer.name === name)
  return isIndexed !== true && (!isPeer || extent.name === 'full' || name.startsWith('piscina'))
}

const contenders = listContenders(run.hasPeers).filter(isAsked)
const pools: Open[] = []
for (const contender of contenders) pools.push(await open(contender))
const hasPython = run.hasPython && (input.kind === 'numbers' || extent.name === 'full')
const python = hasPython ? preparePython() : []
for (const loop of [sumByIndex, sumOverGenerator]) measurePlain(loop, countItems(kind.wayUs))
// Each isolate has compiled by then what it will run.
for (const { pool, count } of pools) await pool.sum(() => make(count), count)
const idlePercent = await watchIdle()
for (let round = 0; round < extent.rounds; round++) {
  for (const each of pools) await measure(each)
  for (const each of python) each.measure()
}
const series = [...pools.map((each) => ({ ...each, name: each.contender.name })), ...python]
grainProgram.writeResult({
  series: series.map(({ name, plainUs, efficiency }) => ({ name, plainUs, efficiency })),
  idlePercent,
})
await Promise.all(pools.map(({ pool }) => pool.close()))
