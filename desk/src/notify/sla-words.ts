export type SlaTarget = 'response' | 'resolution' | 'update' | 'ola'

/** What a clock promises, as a subject of a sentence. */
export const slaWords: Record<'en' | 'fr' | 'it', Record<SlaTarget, string>> = {
  en: {
    response: 'The response',
    resolution: 'The resolution',
    update: 'The next news to the requester',
    ola: 'The time of the team',
  },
  fr: {
    response: 'La réponse',
    resolution: 'La résolution',
    update: 'La prochaine nouvelle au demandeur',
    ola: 'Le temps de l’équipe',
  },
  it: {
    response: 'La risposta',
    resolution: 'La soluzione',
    update: 'La prossima notizia al richiedente',
    ola: 'Il tempo del team',
  },
}
