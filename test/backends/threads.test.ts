import { createThreadsBackend } from '../../src/backends/threads.ts'
import { backendContract } from '../contracts/backend-contract.ts'

backendContract('threads', createThreadsBackend)
