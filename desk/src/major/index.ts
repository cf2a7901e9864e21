export { declareMajor, handMajor, type MajorInput, proposeMajor, rejectMajor } from './decide.ts'
export { decideMajor, MAJOR, type MajorMove, majorMoves, type MajorState } from './lifecycle.ts'
export { PARTS_OF_MAJOR, sweepMajors } from './propose.ts'
