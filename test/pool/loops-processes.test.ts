import { loopContract } from '../contracts/loop-contract.ts'
import { loopCrewContract } from '../contracts/loop-crew-contract.ts'
import { loopDeathContract } from '../contracts/loop-death-contract.ts'

loopContract('processes')
loopCrewContract('processes')
loopDeathContract('processes')
