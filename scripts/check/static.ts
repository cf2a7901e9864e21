import { runStages } from './stage.ts'
import { staticStages } from './stages.ts'

await runStages(staticStages)
