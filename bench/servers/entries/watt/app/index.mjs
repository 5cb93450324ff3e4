import { createServer } from 'node:http'
import { handle } from '../../../handler.ts'

createServer(handle).listen(1)
