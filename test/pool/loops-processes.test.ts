import { loopContract } from '../contracts/loop-contract.ts'
import { loopCrewContract } from '../contracts/loop-crew-contract.ts'

loopContract('processes')
loopCrewContract('processes')
