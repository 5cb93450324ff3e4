import type { Row } from '../row.ts'
import { closingRows } from './closings.ts'
import { consumerRows } from './consumers.ts'
import { crashRows } from './crashes.ts'
import { endingRows } from './endings.ts'
import { hostileRows } from './hostile.ts'
import { outsideRows } from './outside.ts'
import { permissionRows } from './permissions.ts'
import { sourceRows } from './sources.ts'
import { spinRows } from './spins.ts'
import { stageRows } from './stages.ts'
import { startRows } from './starts.ts'
import { thrownRows } from './thrown.ts'
import { valueRows } from './values.ts'

/** Rows that belong together, each file's worth: Node 22 limits the time of a file as that of a test. */
export const groups = {
  deaths: crashRows,
  loops: [...spinRows, ...endingRows],
  stages: [...stageRows, ...outsideRows, ...permissionRows],
  values: [...thrownRows, ...valueRows, ...hostileRows],
  starts: startRows,
  streams: [...sourceRows, ...consumerRows, ...closingRows],
} as const satisfies Record<string, readonly Row[]>

export const allRows: readonly Row[] = Object.values(groups).flat()
