import type { Server } from 'node:http'

/** What the tests use of Hono; its own types want those of a browser. */
interface Context {
  readonly env: { readonly toolbox?: { readonly group: string } }
  readonly req: { text(): Promise<string> }
  text(text: string): Response
}
type Handler = (context: Context) => Promise<Response>

export interface HonoApp {
  get(path: string, handler: Handler): this
  post(path: string, handler: Handler): this
  fetch(request: Request, env?: unknown): Response | Promise<Response>
}

const load = (name: string): Promise<unknown> => import(name)

export const { Hono } = (await load('hono')) as { readonly Hono: new () => HonoApp }
export const { createAdaptorServer } = (await load('@hono/node-server')) as {
  createAdaptorServer(options: { fetch(request: Request): unknown }): Server
}
