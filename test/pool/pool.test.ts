import { poolContract } from '../contracts/pool-contract.ts'
import { resizeContract } from '../contracts/resize-contract.ts'

for (const backend of ['inline', 'threads', 'processes'] as const) {
  poolContract(backend)
  resizeContract(backend)
}
