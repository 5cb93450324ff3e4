import { runMatrix } from './matrix.ts'
import { groups } from './rows/all.ts'

runMatrix('threads', [...groups.values, ...groups.starts, ...groups.streams])
