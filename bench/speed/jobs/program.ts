// One job in one way. The time ends when the pool is closed: until then the program would not be at its end.
import { averageFlights } from './flights.ts'
import { jobProgram } from './protocol.ts'
import { solvePuzzle } from './puzzle.ts'

const input = jobProgram.readInput()
const start = performance.now()
const result =
  input.job === 'puzzle'
    ? (await solvePuzzle(input.way, input.letters)).toSorted().join(' ')
    : await averageFlights(input.way, input.file, input.isSmall)
jobProgram.writeResult({ ms: performance.now() - start, result })
