// One of the servers: it counts a visit of its colour and tells those of all.
import { type Server, createServer as createHttpServer } from 'node:http'
import type { ServerToolbox } from 'eisenmp/server'
import { openDatabase } from './lib/database.ts'

const COUNT = 'INSERT INTO visits VALUES (?, 1) ON CONFLICT (colour) DO UPDATE SET count = count + 1'

export function createServer(toolbox: ServerToolbox<{ database: string }>): Server {
  const database = openDatabase(toolbox.config.database)
  const add = database.prepare(COUNT)
  const list = database.prepare('SELECT colour, count FROM visits ORDER BY colour')
  return createHttpServer((_request, response) => {
    add.run(toolbox.group)
    const visits = list.all().map(({ colour, count }) => `${String(colour)} ${String(count)}`)
    response.end(`${visits.join(', ')}\n`)
  })
}
