export { declareMajor, handMajor, type MajorInput, proposeMajor, rejectMajor } from './decide.ts'
export { decideMajor, MAJOR, type MajorMove, majorMoves, type MajorState } from './lifecycle.ts'
export { resolveParts } from './resolve-parts.ts'
export { PARTS_OF_MAJOR, sweepMajors } from './propose.ts'
