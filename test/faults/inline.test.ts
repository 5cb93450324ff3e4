import { runMatrix } from './matrix.ts'
import { deathRows, usageRows } from './rows/all.ts'

runMatrix('inline', [...usageRows, ...deathRows])
