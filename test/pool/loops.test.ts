import { loopContract } from '../contracts/loop-contract.ts'

for (const backend of ['threads', 'processes', 'inline'] as const) loopContract(backend)
