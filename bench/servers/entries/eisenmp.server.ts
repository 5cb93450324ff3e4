import { type Server, createServer as createHttpServer } from 'node:http'
import { handle } from '../handler.ts'

export function createServer(): Server {
  return createHttpServer(handle)
}
