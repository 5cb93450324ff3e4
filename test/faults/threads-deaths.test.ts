import { runMatrix } from './matrix.ts'
import { groups } from './rows/all.ts'

runMatrix('threads', [...groups.deaths, ...groups.loops, ...groups.stages])
