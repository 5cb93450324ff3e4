import { DatabaseSync } from 'node:sqlite'

/** Opens a database that several workers write to: each waits for its turn in place of an error. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA busy_timeout = 5000')
  return database
}

/** Creates a database with one table. Write-ahead logging lets workers read while one writes. */
export function createDatabase(file: string, table: string): void {
  const database = openDatabase(file)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(`CREATE TABLE ${table}`)
  database.close()
}
