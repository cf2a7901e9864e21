export { createApiKey, readerOfKey, revokeApiKey } from './api-key.ts'
export { createCredentials, createSignIn, type Credentials } from './credentials.ts'
export { hashPassword } from 'better-auth/crypto'
export {
  CAPABILITIES,
  type Capability,
  capabilitiesOf,
  GRANTS,
  type Role,
  type Scope,
  widest,
} from './permission.ts'
export {
  actorOf,
  demand,
  demandInTeam,
  loadReader,
  mayInTeam,
  type Reader,
  rolesOf,
  scopeOf,
  teamsWith,
} from './reader.ts'
export { hashKey, mintKey, seal, unseal } from './secret.ts'
export {
  alertVisible,
  analyticsScope,
  type AnalyticsScope,
  searchedInScope,
  seesByTeam,
  ticketSupervised,
  ticketVisible,
  ticketWorkable,
} from './visibility.ts'
export { seenBy, workedBy } from './readers-of.ts'
