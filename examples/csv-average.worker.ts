// Totals that can be added in any order: those of one field, and the sum of two.

export type Totals = { flights: number; minutes: number }

export function toTotals(delay: string): Totals {
  return { flights: 1, minutes: Number(delay) }
}

export function addTotals(a: Totals, b: Totals): Totals {
  return { flights: a.flights + b.flights, minutes: a.minutes + b.minutes }
}
