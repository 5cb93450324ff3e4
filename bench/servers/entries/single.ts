import { createServer } from 'node:http'
import { handle } from '../handler.ts'

createServer(handle).listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('ready'))
