import { loopContract } from '../contracts/loop-contract.ts'
import { loopCrewContract } from '../contracts/loop-crew-contract.ts'
import { loopDeathContract } from '../contracts/loop-death-contract.ts'

// Those of processes take longest, and are a file of their own.
for (const backend of ['threads', 'inline'] as const) {
  loopContract(backend)
  loopCrewContract(backend)
}
loopDeathContract('threads')
