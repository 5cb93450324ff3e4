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

/** Workers die or loop in most of them. */
export const deathRows: readonly Row[] = [...crashRows, ...endingRows, ...spinRows, ...stageRows, ...outsideRows]

export const usageRows: readonly Row[] = [
  ...thrownRows,
  ...valueRows,
  ...startRows,
  ...sourceRows,
  ...consumerRows,
  ...closingRows,
  ...permissionRows,
  ...hostileRows,
]
