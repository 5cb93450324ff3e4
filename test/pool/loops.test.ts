import { loopContract } from '../contracts/loop-contract.ts'
import { loopCrewContract } from '../contracts/loop-crew-contract.ts'

for (const backend of ['threads', 'processes', 'inline'] as const) {
  loopContract(backend)
  loopCrewContract(backend)
}
