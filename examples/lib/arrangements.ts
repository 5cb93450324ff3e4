/** A stem: the first letters of an arrangement, and the letters that are left for its end. */
export type Stem = { stem: string; rest: string }

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

/**
 * Makes every distinct arrangement of `letters` in lexicographic order, each once, however often a letter repeats.
 *
 * With `length`, makes the distinct beginnings of that many letters instead.
 */
export function* arrangements(letters: string, length = Infinity): Generator<string, void> {
  const places = [...letters].toSorted()
  const shown = Math.min(length, places.length)
  do {
    let word = ''
    for (let i = 0; i < shown; i += 1) word += places[i]
    yield word
    // What is not shown stands in ascending order, its first. In descending order, its last, the next step changes
    // a letter that is shown.
    reverseFrom(places, shown)
  } while (moveOn(places))
}

/** Makes the distinct stems of `letters`, so that `tail` letters are left for the end of each. */
export function* stems(letters: string, tail: number): Generator<Stem, void> {
  for (const stem of arrangements(letters, Math.max(0, [...letters].length - tail))) {
    let rest = letters
    for (const letter of stem) rest = rest.replace(letter, '')
    yield { stem, rest }
  }
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
