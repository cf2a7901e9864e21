import { type Messages, subject } from '../message-shape.ts'
import { slaWords } from '../sla-words.ts'

export const it: Messages = {
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
      lead: ({ number }) => `${number} attende la tua approvazione.`,
    },
    approved: { subject: subject('Approvato'), lead: ({ number }) => `${number} è stato approvato.` },
    rejected: {
      subject: subject('Non approvato'),
      lead: ({ number }) => `${number} non è stato approvato. Il motivo è indicato nella richiesta.`,
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
