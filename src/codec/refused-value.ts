/** A step from a value into it: a key, or an index. */
export type PathStep = string | number

/** Writes a path as code reads it: `item.rows[3].when`. */
export function formatPath(root: string, path: readonly PathStep[]): string {
  const shown = path.length > 20 ? [...path.slice(0, 18), '…', path.at(-1)!] : path
  return shown.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (step === '…' || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step)) return `${text}[${JSON.stringify(step)}]`
    return `${text}.${step}`
  }, root)
}

/** Thrown inside the package when a value cannot travel; becomes `ERR_EISENMP_CLONE` or `ERR_EISENMP_SIZE` at its border. */
export class RefusedValue extends Error {
  readonly why: 'clone' | 'size'

  constructor(why: 'clone' | 'size', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RefusedValue'
    this.why = why
  }
}
