import { runMatrix } from './matrix.ts'
import { usageRows } from './rows/all.ts'

runMatrix('processes', usageRows)
