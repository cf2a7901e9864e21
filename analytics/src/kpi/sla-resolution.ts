import { slaKpi } from './sla.ts'

export const slaResolution = slaKpi('resolution', {
  title: 'SLA: resolution',
  target: {
    en: 'resolution',
    fr: 'de résolution',
    it: 'risoluzione',
  },
  ends: {
    en: 'It ends with the last resolution; waiting does not count where the policy pauses.',
    fr: 'Il prend fin à la dernière résolution ; l’attente ne compte pas là où l’accord la suspend.',
    it: 'Termina con l’ultima risoluzione; l’attesa non conta dove l’accordo la sospende.',
  },
})
