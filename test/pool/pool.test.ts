import { poolContract } from '../contracts/pool-contract.ts'

for (const backend of ['inline', 'threads', 'processes'] as const) poolContract(backend)
