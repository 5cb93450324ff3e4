/** How a text is kept: one byte for each code unit when all fit, else two, low byte first. Every text comes back whole. */
const NARROW = 0
const WIDE = 1

/** So many bytes of one text can be kept. */
export const MAX_TEXT_BYTES: number = 2 ** 28

function isNarrow(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false
  return true
}

export function encodeText(text: string): Uint8Array {
  const { length } = text
  if (isNarrow(text)) {
    const bytes = new Uint8Array(length + 1)
    bytes[0] = NARROW
    for (let i = 0; i < length; i++) bytes[i + 1] = text.charCodeAt(i)
    return bytes
  }
  const bytes = new Uint8Array(2 * length + 1)
  bytes[0] = WIDE
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i + 1] = unit & 0xff
    bytes[2 * i + 2] = unit >> 8
  }
  return bytes
}

/** Reads the text at `from` to `to`. */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset + from + 1, to - from - 1)
  return bytes[from] === NARROW ? all.toString('latin1') : all.toString('utf16le')
}

/** Whether that text is at `from` to `to`, without making a string of it. */
export function isTextAt(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  const { length } = text
  let at = from + 1
  if (bytes[from] === NARROW) {
    if (to - at !== length) return false
    for (let i = 0; i < length; i++, at++) if (bytes[at] !== text.charCodeAt(i)) return false
    return true
  }
  if (to - at !== 2 * length) return false
  for (let i = 0; i < length; i++, at += 2) {
    if ((bytes[at]! | (bytes[at + 1]! << 8)) !== text.charCodeAt(i)) return false
  }
  return true
}
