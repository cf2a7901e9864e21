import { slaKpi } from './sla.ts'

export const slaResolution = slaKpi('resolution', {
  title: 'SLA: resolution',
  ends: 'It ends with the last resolution; waiting does not count where the policy pauses.',
})
