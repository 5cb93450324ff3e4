import { createPool } from '../../../dist/index.js'

const modules = new URL('./square.mjs', import.meta.url)
const pool = await createPool({ modules, workers: 2, backend: 'threads' })
console.log(await pool.run('square', 7), performance.now())
await pool.close()
