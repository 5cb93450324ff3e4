import { toolsContract } from '../contracts/tools-contract.ts'

toolsContract('inline')
