import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { openFlights } from '../../../examples/lib/flights.ts'
import { WORKERS, cut } from '../contenders/contender.ts'
import { createPool, csv } from '../eisenmp.ts'
import type * as Tasks from './flights-tasks.ts'
import type { Total } from './flights-tasks.ts'
import { type FlightsWay, HAND_MADE } from './protocol.ts'
import { collectByPiscina } from './by-piscina.ts'

const tasks = new URL('./flights-tasks.ts', import.meta.url)
const BLOCK = 1 << 20

/** All lines but the head. */
function* readLines(file: string): Generator<string> {
  const [handle, block, decoder] = [openSync(file, 'r'), Buffer.allocUnsafe(BLOCK), new StringDecoder()]
  let rest = ''
  let isHead = true
  for (let bytes = readSync(handle, block); bytes > 0; bytes = readSync(handle, block)) {
    const lines = (rest + decoder.write(block.subarray(0, bytes))).split('\n')
    rest = lines.pop()!
    for (let at = isHead ? 1 : 0; at < lines.length; at++) yield lines[at]!
    isHead = false
  }
  closeSync(handle)
}

function addUp(totals: readonly Total[]): Total {
  return totals.reduce((all, { sum, count }) => ({ sum: all.sum + sum, count: all.count + count }))
}

async function openPool(): Promise<Awaited<ReturnType<typeof createPool<typeof Tasks>>>> {
  return createPool<typeof Tasks>({ modules: tasks, workers: WORKERS })
}

async function listTotals(way: FlightsWay, file: string, isSmall: boolean): Promise<Total[]> {
  if (way === 'piscina, chunks by hand') return collectByPiscina(tasks, 'sumLines', readLines(file))
  if (way.startsWith('one thread')) {
    const { sumGroup, sumLines } = await import('./flights-tasks.ts')
    const totals: Total[] = []
    if (way === 'one thread')
      for (const chunk of cut(readLines(file), HAND_MADE)) totals.push(...sumLines(chunk as string[]))
    else for (const group of (await openFlights('delay', isSmall)).groups) totals.push(await sumGroup(group))
    return totals
  }
  const pool = await openPool()
  const open = async (): Promise<Total[]> => {
    if (way === 'eisenmp, csv()')
      return pool
        .from(csv(file, { column: 'delay' }))
        .mapChunks('sumDelays')
        .toArray()
    if (way === 'eisenmp, generator of lines') return pool.from(readLines(file)).mapChunks('sumLines').toArray()
    const { groups } = await openFlights('delay', isSmall)
    return pool.from(groups, { chunk: 1 }).map('sumGroup').toArray()
  }
  const totals = await open()
  await pool.close()
  return totals
}

/** By how many minutes were flights late? */
export async function averageFlights(way: FlightsWay, file: string, isSmall: boolean): Promise<string> {
  const { sum, count } = addUp(await listTotals(way, file, isSmall))
  return `${(sum / count).toFixed(6)} of ${count}`
}
