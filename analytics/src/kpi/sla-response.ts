import { slaKpi } from './sla.ts'

export const slaResponse = slaKpi('response', {
  title: 'SLA: response',
  target: {
    en: 'response',
    fr: 'de réponse',
    it: 'risposta',
  },
  ends: {
    en: 'It ends with the first acknowledgement by a person or the first public reply.',
    fr: 'Il prend fin à la première prise en compte par une personne ou à la première réponse publique.',
    it: 'Termina con la prima presa in carico da parte di una persona o con la prima risposta pubblica.',
  },
})
