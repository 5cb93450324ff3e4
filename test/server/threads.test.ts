import { describeServe } from '../contracts/serve-contract.ts'

describeServe('threads')
