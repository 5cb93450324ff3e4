/**
 * Puts the letters of a word in ascending order.
 *
 * Two words are arrangements of the same letters exactly when this gives the same string for both.
 */
export function sortLetters(word: string): string {
  return [...word].toSorted().join('')
}

/** Counts the distinct arrangements of `letters`: n! divided by k! for each letter that occurs k times. */
export function countArrangements(letters: string): number {
  const seen = new Map<string, number>()
  let count = 1
  let n = 0
  for (const letter of letters) {
    const k = (seen.get(letter) ?? 0) + 1
    seen.set(letter, k)
    n += 1
    count = (count * n) / k
  }
  return count
}

/** Makes every distinct arrangement of `letters` in lexicographic order, each once, however often a letter repeats. */
export function* arrangements(letters: string): Generator<string, void> {
  const places = [...letters].toSorted()
  do {
    let word = ''
    for (let i = 0; i < places.length; i += 1) word += places[i]
    yield word
  } while (moveOn(places))
}

/** Changes `places` to the next arrangement in lexicographic order; `false` when this was the last one. */
function moveOn(places: string[]): boolean {
  let pivot = places.length - 2
  while (pivot >= 0 && places[pivot]! >= places[pivot + 1]!) pivot -= 1
  if (pivot < 0) return false
  let next = places.length - 1
  while (places[next]! <= places[pivot]!) next -= 1
  swap(places, pivot, next)
  reverseFrom(places, pivot + 1)
  return true
}

function reverseFrom(places: string[], start: number): void {
  for (let left = start, right = places.length - 1; left < right; left += 1, right -= 1) swap(places, left, right)
}

function swap(places: string[], a: number, b: number): void {
  const kept = places[a]!
  places[a] = places[b]!
  places[b] = kept
}
