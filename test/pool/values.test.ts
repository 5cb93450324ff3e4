import { valuesContract } from '../contracts/values-contract.ts'

for (const backend of ['inline', 'threads', 'processes'] as const) valuesContract(backend)
