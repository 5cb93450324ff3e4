import { runMatrix } from './matrix.ts'
import { allRows } from './rows/all.ts'

runMatrix('inline', allRows)
