import { createProcessesBackend } from '../../src/backends/processes.ts'
import { backendContract } from '../contracts/backend-contract.ts'

backendContract('processes', createProcessesBackend)
