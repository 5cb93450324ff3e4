import { fileURLToPath } from 'node:url'

/** The folder of package.json, with a trailing slash. */
export const rootUrl = new URL('../../', import.meta.url)

/** The path of a file of the repository. */
export function toPath(relative: string): string {
  return fileURLToPath(new URL(relative, rootUrl))
}
