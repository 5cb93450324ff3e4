import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

appendFileSync(join(process.env['EISENMP_BENCH_FOLDER'] ?? '.', 'executions'), 'import\n')

export function echo(item: { value: number }): number {
  return item.value
}

throw new Error('refused at import')
