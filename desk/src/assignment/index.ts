export {
  type Absence,
  cancelAbsence,
  declareAbsence,
  demandAssigning,
  demandOver,
  findAbsence,
  readAbsences,
} from './absence.ts'
export { HANDS_TOLD, type ToldHands } from './hands.ts'
export { type MemberLoad, readTeamLoad, type TeamLoad, WAIT_TOLD } from './read.ts'
export { AssignmentSettings, MemberSettings, setAssignment, setHours, setMember } from './settings.ts'
export { archiveSkill, createSkill, readSkills, setNeeds, setSkills, type Skill } from './skill.ts'
export { sweepAssignments } from './sweep.ts'
