import { slaKpi } from './sla.ts'

export const slaResponse = slaKpi('response', {
  title: 'SLA: response',
  ends: 'It ends with the first acknowledgement by a person or the first public reply.',
})
