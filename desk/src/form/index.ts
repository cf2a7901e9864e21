export { type Answers, checkAnswers, cleanText, type Locale } from './answers.ts'
export { asked } from './asked.ts'
export {
  archiveField,
  createField,
  type CustomField,
  editField,
  type FieldInput,
  readFields,
  restoreField,
} from './field.ts'
export { checkForm, type Condition, FIELD_TYPES, type FieldType, type FormField } from './form.ts'
export { unansweredOf } from './unanswered.ts'
export {
  checkTicketFields,
  demandPeople,
  fieldsOf,
  peopleAmong,
  settleAnswers,
  type TicketAnswers,
} from './ticket-fields.ts'
