import { indexedContract } from '../contracts/indexed-contract.ts'

for (const backend of ['threads', 'processes', 'inline'] as const) indexedContract(backend)
