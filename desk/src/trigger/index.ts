export { checkOpenTickets, checkTrigger, momentOf, type TriedLine } from './check.ts'
export { compileTrigger, type Moment, readTriggerFacts, TRIGGER_FACTS, type TriggerFacts } from './facts.ts'
export { mayTrigger, ticketTold, TRIGGER_VERBS, type TriggerVerb } from './verbs.ts'
