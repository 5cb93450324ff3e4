import { createInlineBackend } from '../../src/backends/inline.ts'
import { backendContract } from '../contracts/backend-contract.ts'

backendContract('inline', createInlineBackend)
