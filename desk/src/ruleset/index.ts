export { compileConditions, holds, keepLatest, tryCondition, type Tried } from './condition.ts'
export { Rulebook, type RuleList, type RulesetVersion } from './rulebook.ts'
