// A file of its own: Node 22 limits the time of a file as that of a test.
import { runMatrix } from './matrix.ts'
import { deathRows } from './rows/all.ts'

runMatrix('processes', deathRows)
