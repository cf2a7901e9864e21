import type { Locale } from './message-shape.ts'

/** What is told of a major incident: to people outside the desk, and to those who work on it. */
export const OUTAGE_NOTICES = ['outage', 'outage-over', 'update-due', 'action', 'action-due'] as const
export type OutageTemplate = (typeof OUTAGE_NOTICES)[number]

export interface OutageTold {
  number: string
  /** Outside the desk the title of its updates, null where there was none; of an action, its own. */
  title: string | null
  affected: string | null
  body: string | null
  /** The next update that is promised, or the day until when something is to be done, as its reader writes it. */
  next: string | null
  overdue: boolean
}

interface Written {
  subject: string
  lines: string[]
}
type Write = (told: OutageTold) => Written

const subject = ({ number, title }: OutageTold, words: string) =>
  `[${number}] ${words}${title ? `: ${title}` : ''}`
const lines = (...all: (string | null | false)[]) => all.filter((line): line is string => Boolean(line))

export const OUTAGE_WORDS: Record<Locale, Record<OutageTemplate, Write>> = {
  en: {
    outage: (told) => ({
      subject: subject(told, 'Known outage'),
      lines: lines(
        told.affected && `Affected: ${told.affected}`,
        told.body,
        told.next ? `Next update by ${told.next}.` : 'You hear from us when there is more to say.',
      ),
    }),
    'outage-over': (told) => ({
      subject: subject(told, 'The outage is over'),
      lines: ['The outage is over. If something still does not work, please tell us.'],
    }),
    'update-due': (told) => ({
      subject: subject(told, told.overdue ? 'The update is overdue' : 'An update is due'),
      lines: [
        told.overdue
          ? `People were promised an update on ${told.number} by ${told.next}. It has not come yet.`
          : `People are promised an update on ${told.number} by ${told.next}.`,
      ],
    }),
    action: (told) => ({
      subject: subject(told, 'Something for you to do'),
      lines: [`The review of ${told.number} asks you for it, by ${told.next}: ${told.title}`],
    }),
    'action-due': (told) => ({
      subject: subject(told, 'Overdue'),
      lines: [`After the review of ${told.number} this was to be done by ${told.next}: ${told.title}`],
    }),
  },
  fr: {
    outage: (told) => ({
      subject: subject(told, 'Panne connue'),
      lines: lines(
        told.affected && `Concernés : ${told.affected}`,
        told.body,
        told.next
          ? `Prochain point d’ici le ${told.next}.`
          : 'Nous vous écrirons dès qu’il y aura du nouveau.',
      ),
    }),
    'outage-over': (told) => ({
      subject: subject(told, 'La panne est terminée'),
      lines: ['La panne est terminée. Si quelque chose ne marche toujours pas, dites-le-nous.'],
    }),
    'update-due': (told) => ({
      subject: subject(told, told.overdue ? 'Le point est en retard' : 'Un point est attendu'),
      lines: [
        told.overdue
          ? `Un point sur ${told.number} était promis pour le ${told.next}. Il n’est pas encore venu.`
          : `Un point sur ${told.number} est promis pour le ${told.next}.`,
      ],
    }),
    action: (told) => ({
      subject: subject(told, 'Une action pour vous'),
      lines: [`La revue de ${told.number} vous la demande, d’ici le ${told.next} : ${told.title}`],
    }),
    'action-due': (told) => ({
      subject: subject(told, 'En retard'),
      lines: [`Après la revue de ${told.number}, ceci devait être fait pour le ${told.next} : ${told.title}`],
    }),
  },
  it: {
    outage: (told) => ({
      subject: subject(told, 'Guasto noto'),
      lines: lines(
        told.affected && `Coinvolti: ${told.affected}`,
        told.body,
        told.next
          ? `Prossimo aggiornamento entro il ${told.next}.`
          : 'Ti scriveremo appena ci saranno novità.',
      ),
    }),
    'outage-over': (told) => ({
      subject: subject(told, 'Il guasto è risolto'),
      lines: ['Il guasto è risolto. Se qualcosa ancora non funziona, scrivici.'],
    }),
    'update-due': (told) => ({
      subject: subject(told, told.overdue ? 'L’aggiornamento è in ritardo' : 'È atteso un aggiornamento'),
      lines: [
        told.overdue
          ? `Un aggiornamento su ${told.number} era promesso entro il ${told.next}. Non è ancora arrivato.`
          : `Un aggiornamento su ${told.number} è promesso entro il ${told.next}.`,
      ],
    }),
    action: (told) => ({
      subject: subject(told, 'Un’azione per te'),
      lines: [`La revisione di ${told.number} la chiede a te, entro il ${told.next}: ${told.title}`],
    }),
    'action-due': (told) => ({
      subject: subject(told, 'In ritardo'),
      lines: [`Dopo la revisione di ${told.number} questo andava fatto entro il ${told.next}: ${told.title}`],
    }),
  },
}
