import { readFileSync } from 'node:fs'

const read = (name: string): Buffer => readFileSync(new URL(`../fixtures/servers/${name}`, import.meta.url))

/** A certificate for localhost that nobody trusts, and its key. */
export const tlsFiles: { readonly key: Buffer; readonly cert: Buffer } = {
  key: read('localhost.key.pem'),
  cert: read('localhost.cert.pem'),
}
