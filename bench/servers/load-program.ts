// Loads a server from a process of its own, so that neither takes the event loop of the other: started by load.ts.
import { HttpLoad } from '../../test/support/http-load.ts'
import type { FromLoad, ToLoad } from './load.ts'

const loads: HttpLoad[] = []
const seen = new Set<string>()

function send(message: FromLoad): void {
  process.send?.(message)
}

function tellNewWorkers(): void {
  const unknown = loads.flatMap(({ workers }) => workers.filter(({ worker }) => !seen.has(worker)))
  for (const { worker } of unknown) {
    if (!seen.has(worker)) send({ kind: 'seen', worker, at: Date.now() })
    seen.add(worker)
  }
}

process.on('message', (message: ToLoad) => {
  if (message.kind === 'start') {
    for (const plan of message.plans) loads.push(new HttpLoad(plan))
    setInterval(tellNewWorkers, 2).unref()
    return
  }
  void Promise.all(loads.map((load) => load.stop())).then((reports) => {
    // The rest of a long message would be lost if the channel were closed at once.
    process.send?.({ kind: 'reports', reports } satisfies FromLoad, () => process.disconnect())
  })
})
process.on('disconnect', () => process.exit())
