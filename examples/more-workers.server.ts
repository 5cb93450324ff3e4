// The server of one radio; with no radio left, there is no server, and the worker ends.
import { type Server, createServer as createHttpServer } from 'node:http'
import type { ServerToolbox } from 'eisenmp/server'
import { radios } from './lib/radios.ts'

export function createServer({ worker }: ServerToolbox): Server | null {
  const radio = radios[worker.index]
  if (radio === undefined) return null
  return createHttpServer((_request, response) => response.end(`${worker.name} plays ${radio}\n`))
}
