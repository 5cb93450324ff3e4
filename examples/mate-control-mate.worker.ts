// The mate: started before the worker; it makes the counter that the worker uses, watches it, slows it down, stops it.
import type { Toolbox } from 'eisenmp'
import type { Counter } from './mate-control.worker.ts'

/** Must return, or the worker would never be loaded: what goes on, goes on in a timer. */
export function superviseCounter({ shared, config, print, worker, stop }: Toolbox<Record<string, number>>): void {
  const counter: Counter = { chunks: 0, pauseMs: 1 }
  shared['counter'] = counter
  print(`mate of worker ${worker.index}: here before it`)
  const { slowAfter = 0, stopAfter = 0 } = config
  const timer = setInterval(() => {
    if (counter.chunks >= slowAfter && counter.pauseMs === 1) {
      counter.pauseMs = 5
      print(`mate of worker ${worker.index}: ${slowAfter} chunks or more, slower now`)
    }
    if (counter.chunks < stopAfter) return
    print(`mate of worker ${worker.index}: enough`)
    stop()
    clearInterval(timer)
  }, 1)
  timer.unref()
}
