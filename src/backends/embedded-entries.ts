/**
 * The worker entries as source text, for programs whose bundler has put this package into one file.
 * Filled in by the build; empty when run from source, where the entries are files.
 */
export const embeddedEntries: { readonly thread: string | undefined; readonly process: string | undefined } = {
  thread: undefined,
  process: undefined,
}
