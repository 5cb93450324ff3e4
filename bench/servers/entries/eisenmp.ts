// `node eisenmp.ts <processes | threads>`: serve() of the built package.
import { fileURLToPath } from 'node:url'
import type * as Eisenmp from '../../../src/server.ts'

const built: string = new URL('../../../dist/server.js', import.meta.url).href
const { serve } = (await import(built)) as typeof Eisenmp

const servers = await serve({
  module: fileURLToPath(new URL('eisenmp.server.ts', import.meta.url)),
  backend: process.argv[2] as 'processes',
  workers: 2,
  port: Number(process.env['PORT']),
})
servers.on('reloaded', () => console.log('reloaded'))
console.log('ready')
