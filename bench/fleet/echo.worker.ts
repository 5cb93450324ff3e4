// One method, as little as can be asked for.
export class Echo {
  echo(n: number): number {
    return n
  }
}
