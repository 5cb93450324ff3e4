/** Rounds after the last block. */
const FINAL_ROUNDS = 3

/**
 * HalfSipHash-1-3 over UTF-16 code units, 32 bits. Who does not know the seed cannot choose texts that collide.
 */
export function hashText(text: string, seed0: number, seed1: number): number {
  const { length } = text
  const blocks = (length >> 1) + 1
  let v0 = seed0
  let v1 = seed1
  let v2 = 0x6c796765 ^ seed0
  let v3 = 0x74656462 ^ seed1
  for (let block = 0, i = 0; block < blocks + FINAL_ROUNDS; block++, i += 2) {
    let word = 0
    if (block < blocks - 1) word = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)
    else if (block === blocks - 1) word = ((length & 1) === 1 ? text.charCodeAt(i) : 0) | (length << 16)
    else if (block === blocks) v2 ^= 0xff
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  return (v1 ^ v3) >>> 0
}
