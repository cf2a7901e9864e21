import { type SlaTarget, slaWords } from './sla-words.ts'

export type Locale = 'en' | 'fr' | 'it'

export const NOTICES = [
  'received',
  'reply',
  'comment',
  'resolved',
  'cancelled',
  'reopened',
  'assigned',
  'approval',
  'sla-mark',
  'rule',
  'merged',
  'mention',
  'reminder',
] as const
export type NoticeTemplate = (typeof NOTICES)[number]

/** To the author of a maintenance window, once a span. */
export const QUIET_NOTICES = ['quiet-begin', 'quiet-end'] as const
export type QuietTemplate = (typeof QUIET_NOTICES)[number]

/** To whoever put an integration in shadow, once a day. */
export const SHADOW_NOTICE = 'shadow-day'

/** What an integration in shadow would have done on a day. */
export interface ShadowTold {
  integration: { id: string; name: string }
  day: string
  incidents: number
  pages: number
  at_night: number
  people: { name: string; pages: number; at_night: number }[]
}

export type { SlaTarget }

interface Named {
  number: string
  title: string
  /** The ticket that it goes on in, of one that was merged. */
  into?: string | null
}

/** Every text that leaves by mail, in one shape for each language. */
export interface Messages {
  page: {
    subjectOfMany: (count: number, numbers: string) => string
    lead: (count: number) => string
    openedAt: (instant: string) => string
    acknowledge: string
    acknowledgeOnce: string
    open: string
    andMore: (count: number) => string
    onSchedule: (schedule: string, rotation: string | null) => string
    standIn: (schedule: string) => string
    onTeam: (team: string, role: 'on_call' | 'manager') => string
    named: string
    byHand: (name: string | null) => string
    step: (policy: string, step: number, round: number) => string
    sla: (policy: string, target: SlaTarget, percent: number) => string
  }
  /** Why a mark of a clock is told to this person. */
  slaMark: (policy: string, target: SlaTarget, percent: number) => string
  notice: Record<NoticeTemplate, { subject: (ticket: Named) => string; lead: (ticket: Named) => string }>
  quiet: Record<QuietTemplate, { subject: (reason: string) => string; lead: (reason: string) => string }>
  shadow: {
    subject: (told: ShadowTold) => string
    lead: (told: ShadowTold) => string
    person: (person: ShadowTold['people'][number]) => string
  }
  follow: string
  /** To somebody who never wrote to us. */
  stranger: string
  sentBy: string
  test: { subject: string; body: string }
}

const subject = (words: string) => (ticket: Named) =>
  `[${ticket.number}] ${words}${ticket.title && `: ${ticket.title}`}`

const en: Messages = {
  page: {
    subjectOfMany: (count, numbers) => `${count} incidents need you: ${numbers}`,
    lead: (count) => (count === 1 ? 'An incident needs you now.' : `${count} incidents need you now.`),
    openedAt: (instant) => `Opened ${instant}`,
    acknowledge: 'Acknowledge',
    acknowledgeOnce: 'The link works once, for a day, and asks you to confirm.',
    open: 'Open the ticket',
    andMore: (count) => `And ${count} more, to acknowledge on your on-call page:`,
    onSchedule: (schedule, rotation) =>
      `You are on call in “${schedule}”${rotation ? ` (rotation “${rotation}”)` : ''}.`,
    standIn: (schedule) => `You stand in as on call in “${schedule}”.`,
    onTeam: (team, role) =>
      role === 'on_call'
        ? `You are on call in the team “${team}”.`
        : `You manage the team “${team}”, which has nobody on call.`,
    named: 'The policy names you.',
    byHand: (name) => (name ? `${name} asks for you.` : 'Somebody asks for you.'),
    step: (policy, step, round) =>
      `Policy “${policy}”, step ${step}${round > 1 ? `, time ${round} through` : ''}.`,
    sla: (policy, target, percent) =>
      `SLA policy “${policy}” asks for it: ${slaWords.en[target]} ${percent === 100 ? 'is late' : `has used ${percent} % of its time`}.`,
  },
  slaMark: (policy, target, percent) =>
    `${slaWords.en[target]} ${percent === 100 ? 'is late' : `has used ${percent} % of its time`}. You are told because the SLA policy “${policy}” names you or your team.`,
  notice: {
    reminder: {
      subject: subject('You wanted to be reminded'),
      lead: ({ number }) => `You wanted to be reminded of ${number}.`,
    },
    'sla-mark': {
      subject: subject('The clock runs out'),
      lead: ({ number }) => `A promised time on ${number} is running out or is over.`,
    },
    received: {
      subject: subject('We have received it'),
      lead: ({ number }) => `Thank you. We have received your request and keep it under ${number}.`,
    },
    reply: { subject: subject('New reply'), lead: ({ number }) => `There is a reply on ${number}:` },
    comment: {
      subject: subject('The requester wrote'),
      lead: ({ number }) => `The requester wrote on ${number}:`,
    },
    resolved: {
      subject: subject('Resolved'),
      lead: ({ number }) =>
        `${number} is resolved. If it is not, open it and say so: it will be taken up again.`,
    },
    cancelled: { subject: subject('Cancelled'), lead: ({ number }) => `${number} was cancelled.` },
    reopened: {
      subject: subject('Reopened'),
      lead: ({ number }) => `${number}, which is yours, was reopened.`,
    },
    rule: { subject: subject('A rule tells you'), lead: ({ number }) => `A rule tells you of ${number}:` },
    assigned: { subject: subject('Yours now'), lead: ({ number }) => `${number} was assigned to you.` },
    approval: {
      subject: subject('Your approval is asked for'),
      lead: ({ number }) => `The change ${number} waits for your approval.`,
    },
    mention: {
      subject: subject('You are mentioned'),
      lead: ({ number }) => `A colleague mentions you in ${number}:`,
    },
    merged: {
      subject: subject('Goes on in another'),
      lead: ({ number, into }) =>
        `${number} and ${into} are one matter. It goes on in ${into}, where you hear what comes of it.`,
    },
  },
  quiet: {
    'quiet-begin': {
      subject: (reason) => `It is quiet now: ${reason}`,
      lead: (reason) =>
        `Your maintenance window “${reason}” has begun. What it covers pages nobody until it ends.`,
    },
    'quiet-end': {
      subject: (reason) => `No longer quiet: ${reason}`,
      lead: (reason) => `Your maintenance window “${reason}” is over. What still fails has been taken up.`,
    },
  },
  shadow: {
    subject: ({ integration, day }) => `In shadow on ${day}: ${integration.name}`,
    lead: ({ integration, day, incidents, pages, at_night }) =>
      `“${integration.name}” is in shadow, so nobody was paged on ${day}. Tickets opened: ${incidents}. Pages that would have gone out: ${pages}, of them between 22 and 8 o’clock: ${at_night}.`,
    person: ({ name, pages, at_night }) =>
      `${name}: ${pages}${at_night > 0 ? `, ${at_night} of them at night` : ''}`,
  },
  follow: 'Follow it here',
  stranger:
    'Somebody gave us this address. If it was not you, there is nothing to do: such mail comes once an hour at most.',
  sentBy: 'Sent by Tocsin. Answers to this address are not read.',
  test: {
    subject: 'This is how Tocsin reaches you',
    body: 'A test that you asked for. When an incident needs you, it comes this way.',
  },
}

const fr: Messages = {
  page: {
    subjectOfMany: (count, numbers) => `${count} incidents vous attendent : ${numbers}`,
    lead: (count) =>
      count === 1 ? 'Un incident vous attend maintenant.' : `${count} incidents vous attendent maintenant.`,
    openedAt: (instant) => `Ouvert le ${instant}`,
    acknowledge: 'Prendre en charge',
    acknowledgeOnce: 'Le lien sert une seule fois, pendant un jour, et demande confirmation.',
    open: 'Ouvrir le ticket',
    andMore: (count) => `Et ${count} de plus, à prendre en charge sur votre page d’astreinte :`,
    onSchedule: (schedule, rotation) =>
      `Vous êtes d’astreinte dans « ${schedule} »${rotation ? ` (rotation « ${rotation} »)` : ''}.`,
    standIn: (schedule) => `Vous remplacez la personne d’astreinte dans « ${schedule} ».`,
    onTeam: (team, role) =>
      role === 'on_call'
        ? `Vous êtes d’astreinte dans l’équipe « ${team} ».`
        : `Vous dirigez l’équipe « ${team} », où personne n’est d’astreinte.`,
    named: 'La politique vous désigne.',
    byHand: (name) => (name ? `${name} vous appelle.` : 'Quelqu’un vous appelle.'),
    step: (policy, step, round) =>
      `Politique « ${policy} », étape ${step}${round > 1 ? `, passage ${round}` : ''}.`,
    sla: (policy, target, percent) =>
      `L’accord de niveau de service « ${policy} » le demande : ${slaWords.fr[target]} ${percent === 100 ? 'est en retard' : `a consommé ${percent} % de son délai`}.`,
  },
  slaMark: (policy, target, percent) =>
    `${slaWords.fr[target]} ${percent === 100 ? 'est en retard' : `a consommé ${percent} % de son délai`}. Vous êtes prévenu parce que l’accord « ${policy} » vous désigne, vous ou votre équipe.`,
  notice: {
    reminder: {
      subject: subject('Vous vouliez un rappel'),
      lead: ({ number }) => `Vous vouliez qu’on vous rappelle ${number}.`,
    },
    'sla-mark': {
      subject: subject('Le délai s’épuise'),
      lead: ({ number }) => `Un délai promis sur ${number} s’épuise ou est dépassé.`,
    },
    received: {
      subject: subject('Bien reçu'),
      lead: ({ number }) => `Merci. Votre demande est bien arrivée, sous le numéro ${number}.`,
    },
    reply: {
      subject: subject('Nouvelle réponse'),
      lead: ({ number }) => `Une réponse vous attend sur ${number} :`,
    },
    comment: {
      subject: subject('Le demandeur a écrit'),
      lead: ({ number }) => `Le demandeur a écrit sur ${number} :`,
    },
    resolved: {
      subject: subject('Résolu'),
      lead: ({ number }) => `${number} est résolu. Sinon, ouvrez-le et dites-le nous : nous le reprendrons.`,
    },
    cancelled: { subject: subject('Annulé'), lead: ({ number }) => `${number} a été annulé.` },
    reopened: {
      subject: subject('Rouvert'),
      lead: ({ number }) => `${number}, qui vous est confié, a été rouvert.`,
    },
    rule: {
      subject: subject('Une règle vous informe'),
      lead: ({ number }) => `Une règle vous informe de ${number} :`,
    },
    assigned: { subject: subject('À vous'), lead: ({ number }) => `${number} vous est confié.` },
    approval: {
      subject: subject('Votre approbation est demandée'),
      lead: ({ number }) => `Le changement ${number} attend votre approbation.`,
    },
    mention: {
      subject: subject('On vous mentionne'),
      lead: ({ number }) => `Un collègue vous mentionne dans ${number} :`,
    },
    merged: {
      subject: subject('Regroupé avec un autre'),
      lead: ({ number, into }) =>
        `${number} et ${into} ont le même objet. Le suivi continue dans ${into}, où vous en aurez des nouvelles.`,
    },
  },
  quiet: {
    'quiet-begin': {
      subject: (reason) => `En sourdine : ${reason}`,
      lead: (reason) =>
        `Votre fenêtre de maintenance « ${reason} » a commencé. Ce qu’elle couvre n’appelle personne jusqu’à sa fin.`,
    },
    'quiet-end': {
      subject: (reason) => `Fin de la sourdine : ${reason}`,
      lead: (reason) =>
        `Votre fenêtre de maintenance « ${reason} » est terminée. Ce qui est encore en panne a été repris.`,
    },
  },
  shadow: {
    subject: ({ integration, day }) => `À blanc le ${day} : ${integration.name}`,
    lead: ({ integration, day, incidents, pages, at_night }) =>
      `« ${integration.name} » fonctionne à blanc : personne n’a été appelé le ${day}. Tickets ouverts : ${incidents}. Appels qui seraient partis : ${pages}, dont entre 22 h et 8 h : ${at_night}.`,
    person: ({ name, pages, at_night }) =>
      `${name} : ${pages}${at_night > 0 ? `, dont ${at_night} la nuit` : ''}`,
  },
  follow: 'Suivre ici',
  stranger:
    'Quelqu’un nous a donné cette adresse. Si ce n’est pas vous, il n’y a rien à faire : un tel message par heure au plus.',
  sentBy: 'Envoyé par Tocsin. Les réponses à cette adresse ne sont pas lues.',
  test: {
    subject: 'Voici comment Tocsin vous joint',
    body: 'Un essai que vous avez demandé. Quand un incident vous attend, il arrive par ici.',
  },
}

const it: Messages = {
  page: {
    subjectOfMany: (count, numbers) => `${count} incidenti ti aspettano: ${numbers}`,
    lead: (count) => (count === 1 ? 'Un incidente ti aspetta ora.' : `${count} incidenti ti aspettano ora.`),
    openedAt: (instant) => `Aperto il ${instant}`,
    acknowledge: 'Prendi in carico',
    acknowledgeOnce: 'Il link vale una volta sola, per un giorno, e chiede conferma.',
    open: 'Apri il ticket',
    andMore: (count) => `E altri ${count}, da prendere in carico nella tua pagina di reperibilità:`,
    onSchedule: (schedule, rotation) =>
      `Sei reperibile in «${schedule}»${rotation ? ` (rotazione «${rotation}»)` : ''}.`,
    standIn: (schedule) => `Sostituisci chi è reperibile in «${schedule}».`,
    onTeam: (team, role) =>
      role === 'on_call'
        ? `Sei reperibile nel team «${team}».`
        : `Sei responsabile del team «${team}», dove nessuno è reperibile.`,
    named: 'La politica indica te.',
    byHand: (name) => (name ? `${name} ti cerca.` : 'Qualcuno ti cerca.'),
    step: (policy, step, round) =>
      `Politica «${policy}», passo ${step}${round > 1 ? `, giro ${round}` : ''}.`,
    sla: (policy, target, percent) =>
      `Lo chiede il livello di servizio «${policy}»: ${slaWords.it[target]} ${percent === 100 ? 'è in ritardo' : `ha usato il ${percent} % del tempo`}.`,
  },
  slaMark: (policy, target, percent) =>
    `${slaWords.it[target]} ${percent === 100 ? 'è in ritardo' : `ha usato il ${percent} % del tempo`}. Ricevi questo avviso perché il livello di servizio «${policy}» indica te o il tuo team.`,
  notice: {
    reminder: {
      subject: subject('Voleva un promemoria'),
      lead: ({ number }) => `Voleva che le ricordassimo ${number}.`,
    },
    'sla-mark': {
      subject: subject('Il tempo sta per scadere'),
      lead: ({ number }) => `Un tempo promesso su ${number} sta per scadere o è scaduto.`,
    },
    received: {
      subject: subject('Ricevuta'),
      lead: ({ number }) => `Grazie. La tua richiesta è arrivata, con il numero ${number}.`,
    },
    reply: { subject: subject('Nuova risposta'), lead: ({ number }) => `C’è una risposta su ${number}:` },
    comment: {
      subject: subject('Il richiedente ha scritto'),
      lead: ({ number }) => `Il richiedente ha scritto su ${number}:`,
    },
    resolved: {
      subject: subject('Risolto'),
      lead: ({ number }) => `${number} è risolto. Se non lo è, aprilo e scrivilo: lo riprenderemo.`,
    },
    cancelled: { subject: subject('Annullato'), lead: ({ number }) => `${number} è stato annullato.` },
    reopened: {
      subject: subject('Riaperto'),
      lead: ({ number }) => `${number}, affidato a te, è stato riaperto.`,
    },
    rule: {
      subject: subject('Una regola ti avvisa'),
      lead: ({ number }) => `Una regola ti avvisa di ${number}:`,
    },
    assigned: { subject: subject('Affidato a te'), lead: ({ number }) => `${number} è affidato a te.` },
    approval: {
      subject: subject('Serve la tua approvazione'),
      lead: ({ number }) => `Il cambiamento ${number} attende la tua approvazione.`,
    },
    mention: {
      subject: subject('Una menzione per te'),
      lead: ({ number }) => `Un collega ti menziona in ${number}:`,
    },
    merged: {
      subject: subject('Prosegue in un’altra'),
      lead: ({ number, into }) =>
        `${number} e ${into} riguardano la stessa cosa. Si prosegue in ${into}, dove riceverai le novità.`,
    },
  },
  quiet: {
    'quiet-begin': {
      subject: (reason) => `Ora è silenzio: ${reason}`,
      lead: (reason) =>
        `La tua finestra di manutenzione «${reason}» è iniziata. Ciò che copre non chiama nessuno fino alla sua fine.`,
    },
    'quiet-end': {
      subject: (reason) => `Fine del silenzio: ${reason}`,
      lead: (reason) =>
        `La tua finestra di manutenzione «${reason}» è finita. Ciò che non va ancora è stato ripreso.`,
    },
  },
  shadow: {
    subject: ({ integration, day }) => `In ombra il ${day}: ${integration.name}`,
    lead: ({ integration, day, incidents, pages, at_night }) =>
      `«${integration.name}» è in ombra: il ${day} nessuno è stato chiamato. Ticket aperti: ${incidents}. Chiamate che sarebbero partite: ${pages}, di cui tra le 22 e le 8: ${at_night}.`,
    person: ({ name, pages, at_night }) =>
      `${name}: ${pages}${at_night > 0 ? `, di cui ${at_night} di notte` : ''}`,
  },
  follow: 'Seguilo qui',
  stranger:
    'Qualcuno ci ha dato questo indirizzo. Se non sei stato tu, non devi fare nulla: al massimo un messaggio così all’ora.',
  sentBy: 'Inviato da Tocsin. Le risposte a questo indirizzo non vengono lette.',
  test: {
    subject: 'Così Tocsin ti raggiunge',
    body: 'Una prova che hai chiesto. Quando un incidente ti aspetta, arriva da qui.',
  },
}

export const MESSAGES: Record<Locale, Messages> = { en, fr, it }

/** An instant as its reader would write it, with the zone named. */
export const instantFor = (instant: Date, locale: Locale, zone: string): string =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  }).format(instant)
