import { runMatrix } from './matrix.ts'
import { deathRows, usageRows } from './rows/all.ts'

runMatrix('threads', [...usageRows, ...deathRows])
