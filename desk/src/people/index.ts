export { archiveGroup, createGroup, editGroup, type GroupInput } from './group.ts'
export { archiveOrganisation, createOrganisation, editOrganisation } from './organisation.ts'
export { archivePerson, createPerson, editPerson, type PersonInput } from './person.ts'
export {
  archiveTeam,
  createTeam,
  demandTeam,
  editTeam,
  grantRole,
  holdTeams,
  revokeRole,
  type TeamRole,
} from './team.ts'
