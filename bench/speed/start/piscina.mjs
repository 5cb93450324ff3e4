import { createRequire } from 'node:module'

const { Piscina } = createRequire(import.meta.url)('piscina')
const filename = new URL('./square.mjs', import.meta.url).href
const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2 })
console.log(await pool.run(7), performance.now())
await pool.close()
