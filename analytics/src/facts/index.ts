export { type Fact, type FactRow, readFacts } from './fact.ts'
export { integrationFact } from './integration-fact.ts'
export { pageFact } from './page-fact.ts'
export { ticketFact } from './ticket-fact.ts'
