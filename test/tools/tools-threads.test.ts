import { toolsContract } from '../contracts/tools-contract.ts'

toolsContract('threads')
