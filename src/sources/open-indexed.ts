import type { IndexedSpec } from '../protocol/indexed-spec.ts'
import type { OpenedSource } from '../stream/indexed-source.ts'
import { CsvReader } from './csv-reader.ts'
import { openLines } from './lines.ts'
import { openModule } from './module-source.ts'
import { openPermutations } from './permutations.ts'
import { openRange } from './range.ts'
import { openArray } from './shared-array.ts'

/** Opens a source by what a unit says of it. */
export async function openIndexed(spec: IndexedSpec): Promise<OpenedSource> {
  switch (spec.kind) {
    case 'range':
      return openRange(spec)
    case 'array':
      return openArray(spec)
    case 'permutations':
      return openPermutations(spec)
    case 'lines':
      return openLines(spec)
    case 'module':
      return openModule(spec)
    case 'csv':
      return new CsvReader(spec)
    default:
      throw new TypeError('Cannot open a source of another kind')
  }
}
