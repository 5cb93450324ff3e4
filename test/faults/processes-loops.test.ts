import { runMatrix } from './matrix.ts'
import { groups } from './rows/all.ts'

runMatrix('processes', groups.loops)
