import { inspect } from 'node:util'

/** The messages of an error and of all its causes. */
export function readChain(error: unknown): string {
  const said: string[] = []
  let link = error
  for (let i = 0; link instanceof Error && i < 10; i++) {
    said.push(`${link.name}: ${link.message}`)
    link = link.cause
  }
  if (link !== undefined) said.push(inspect(link))
  return said.join('\n')
}
