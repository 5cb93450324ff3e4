import { bare } from './contenders/bare.ts'
import type { Contender } from './contenders/contender.ts'
import { ours } from './contenders/ours.ts'
import { peers } from './contenders/peers.ts'

/** Those that are there: without the packages of this folder our own and what Node brings along. */
export function listContenders(hasPeers: boolean): readonly Contender[] {
  return hasPeers ? [...ours, bare, ...peers] : [...ours, bare]
}
