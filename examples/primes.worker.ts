// Tasks are ordinary exported functions; these are about prime numbers.

export function isPrime(n: number): boolean {
  if (n < 2) return false
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false
  return true
}
