import { type Contender, WORKERS, listContenders } from '../contenders.ts'
import { type Point, findMetg, summarize } from '../figures.ts'
import { type Answer, type Extent, type Question, checkEqual, format } from '../question.ts'
import { churn, workFor } from '../work.ts'

const costsUs: Record<Extent['name'], readonly number[]> = {
  smoke: [1],
  quick: [0.05, 0.2, 1, 5, 20, 100],
  full: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 300, 1000],
}

const kinds: Readonly<Record<string, (i: number) => unknown>> = {
  numbers: (i) => i,
  'short strings': (i) => `w${i % 10_000}`,
  'small objects': (i) => ({ id: i, name: `n${i % 100}`, ok: i % 2 === 0 }),
}

/** Rounds of arithmetic in one microsecond, on one thread, when warm. */
function calibrate(): number {
  const times = 20_000_000
  churn(1, times)
  const start = performance.now()
  churn(1, times)
  return times / ((performance.now() - start) * 1000)
}

function* make(kind: (i: number) => unknown, count: number): Generator {
  for (let i = 0; i < count; i++) yield kind(i)
}

interface Cell {
  readonly count: number
  readonly aloneMs: number
  readonly expected: number
}

/** The same work in a plain loop, with `work` at the cost of the workers. */
function measureAlone(kind: (i: number) => unknown, count: number, rounds: number): Cell {
  const start = performance.now()
  let expected = 0
  for (const item of make(kind, count)) expected += workFor(item, rounds)
  return { count, aloneMs: performance.now() - start, expected }
}

async function askKind(name: string, extent: Extent, contenders: readonly Contender[], perUs: number): Promise<Answer> {
  const kind = kinds[name]!
  const efficiencies = new Map<string, Map<number, number[]>>()
  for (const costUs of costsUs[extent.name]) {
    const rounds = Math.max(1, Math.round(costUs * perUs))
    process.env['EISENMP_BENCH_ROUNDS'] = String(rounds)
    const open = await Promise.all(contenders.map(async (contender) => ({ contender, pool: await contender.open() })))
    for (let round = 0; round < extent.rounds; round++) {
      for (const { contender, pool } of open) {
        const isSlow = !contender.name.startsWith('eisenmp') && !contender.name.includes('hand')
        const perItemUs = costUs + (isSlow ? 20 : 0.1)
        const count = Math.max(200, Math.min(3_000_000, Math.round((extent.cellMs * 1000) / perItemUs)))
        if (round === 0) await pool.sum(() => make(kind, count >> 2), count >> 2)
        const alone = measureAlone(kind, count, rounds)
        const start = performance.now()
        const sum = await pool.sum(() => make(kind, count), count)
        const ms = performance.now() - start
        checkEqual(`${contender.name}, ${name}, ${costUs} µs`, sum, alone.expected)
        const byCost = efficiencies.get(contender.name) ?? new Map<number, number[]>()
        efficiencies.set(contender.name, byCost)
        byCost.set(costUs, [...(byCost.get(costUs) ?? []), alone.aloneMs / (WORKERS * ms)])
      }
    }
    await Promise.all(open.map(({ pool }) => pool.close()))
  }
  return toAnswer(name, extent, efficiencies)
}

function toAnswer(name: string, extent: Extent, efficiencies: Map<string, Map<number, number[]>>): Answer {
  const costs = costsUs[extent.name]
  const series = [...efficiencies].map(([contender, byCost]) => {
    const points: Point[] = costs.map((costUs) => ({ costUs, efficiency: summarize(byCost.get(costUs)!).median }))
    return { contender, points, byCost }
  })
  return {
    title: `Grain: ${name}`,
    how: `Efficiency: time of a plain loop ÷ (${WORKERS} workers × time with the pool), by cost of an item; median of ${extent.rounds} with the spread where it is more than 0.1. METG(50 %): cost from which on the pool is half efficient.`,
    columns: ['', ...costs.map((cost) => `${cost} µs`), 'METG(50 %)'],
    rows: series.map(({ contender, points, byCost }) => {
      const cells = points.map(({ costUs, efficiency }) => {
        const { min, max } = summarize(byCost.get(costUs)!)
        return max - min > 0.1 ? `${format(efficiency)} (${format(min)}–${format(max)})` : format(efficiency)
      })
      const metg = findMetg(points)
      const isBound = metg !== undefined && metg === costs[0]
      return [
        contender,
        ...cells,
        metg === undefined ? `> ${costs.at(-1)} µs` : `${isBound ? '≤ ' : ''}${format(metg)} µs`,
      ]
    }),
    plot: {
      file: `grain-${name.replaceAll(' ', '-')}.svg`,
      title: `Efficiency by cost of an item: ${name}`,
      xLabel: 'cost of an item, µs',
      yLabel: 'efficiency',
      series: series.map(({ contender, points }) => ({
        name: contender,
        points: points.map(({ costUs, efficiency }) => [costUs, efficiency] as const),
      })),
    },
  }
}

/** How small may items be? */
export const grain: Question = {
  name: 'grain',
  async ask(extent, hasPeers) {
    const perUs = calibrate()
    const answers: Answer[] = []
    for (const name of Object.keys(kinds)) {
      const contenders = listContenders(hasPeers).filter(({ isIndexed }) => isIndexed !== true || name === 'numbers')
      answers.push(await askKind(name, extent, contenders, perUs))
    }
    return answers
  },
}
