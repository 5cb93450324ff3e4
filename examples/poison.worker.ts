// A task that one item ends in the hard way: no exception, the whole worker is gone.

export function parsePage(page: number): string {
  if (page === 13) process.exit(1)
  return `page ${page}`
}
