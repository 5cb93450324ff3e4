import { cpus, networkInterfaces } from 'node:os'
import { readAllowedCores } from '../../supervisor/allowed-cores.ts'

/** One address of a network adapter, as `os.networkInterfaces()` has it. */
export interface AdapterAddress {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
}

export type Adapters = Readonly<Record<string, readonly AdapterAddress[] | undefined>>

/** What a plan depends on besides the options. */
export interface PortFacts {
  /** The call, for messages: `serve()`. */
  readonly where: string
  /** `undefined`: as many as the groups name, or `defaultWorkers` where they leave that open. */
  readonly workers: number | undefined
  readonly defaultWorkers: number
  /** Threads bind ports themselves, and share them by SO_REUSEPORT. */
  readonly backend: 'processes' | 'threads'
  readonly adapters: Adapters
  readonly allowedCores: readonly number[]
}

/** What the machine says. Where it does not tell which cores are allowed, it cannot pin either. */
export function readMachine(): Pick<PortFacts, 'adapters' | 'allowedCores'> {
  return {
    adapters: networkInterfaces(),
    allowedCores: readAllowedCores() ?? cpus().map((_, core) => core),
  }
}
