// A process of its own, which ends when it is done: the desk's rules are needed once, the supervisor stays small.
import { text } from 'node:stream/consumers'
import { type DemoOptions, seedDemo } from '@tocsin/db/demo'
import { createLog } from '@tocsin/db/process/log'
import { addWorking, decideClock, hashPassword, mintKey, SYSTEMS, whoIsOn } from '@tocsin/desk'

export type DemoTask = Pick<DemoOptions, 'ownerUrl' | 'dataFolder' | 'appUrl' | 'ingestUrl'>

const task = JSON.parse(await text(process.stdin)) as DemoTask
await seedDemo({
  ...task,
  systems: SYSTEMS,
  rules: { addWorking, decideClock, whoIsOn, hashPassword, mintKey: () => mintKey('toc') },
  log: createLog('demo', 'info'),
})
