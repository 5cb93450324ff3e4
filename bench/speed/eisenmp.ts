import type * as Eisenmp from '../../src/index.ts'

// The built package, as users run it; its types are those of the source, so that this folder compiles without a build.
const built: string = new URL('../../dist/index.js', import.meta.url).href
export const { createPool, range, permutations, csv } = (await import(built)) as typeof Eisenmp
