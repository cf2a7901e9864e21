import type { Tx } from '../activity/index.ts'
import { createItem } from './item.ts'

/** The two things that every employee may need from the first day: something is broken, something is wanted. */
export async function createDefaultCatalogue(tx: Tx): Promise<void> {
  await createItem(tx, {
    key: 'fault',
    kind: 'incident',
    name: { en: 'Something is broken', fr: 'Quelque chose ne marche pas', it: 'Qualcosa non funziona' },
    description: {
      en: 'Tell us what does not work. We find the right people.',
      fr: 'Dites-nous ce qui ne marche pas. Nous trouvons les bonnes personnes.',
      it: 'Ci dica che cosa non funziona. Troviamo noi le persone giuste.',
    },
    urgency: 'medium',
    impact: 'low',
    position: 0,
    fields: [
      {
        key: 'what',
        label: {
          en: 'What happens, and what did you expect?',
          fr: 'Que se passe-t-il, et qu’attendiez-vous ?',
          it: 'Che cosa succede, e che cosa si aspettava?',
        },
        type: 'textarea',
        required: true,
      },
      {
        key: 'since',
        label: { en: 'Since when?', fr: 'Depuis quand ?', it: 'Da quando?' },
        type: 'text',
        required: false,
      },
    ],
  })
  await createItem(tx, {
    key: 'request',
    kind: 'request',
    name: { en: 'I need something', fr: 'J’ai besoin de quelque chose', it: 'Mi serve qualcosa' },
    description: {
      en: 'Equipment, access, software, or anything else.',
      fr: 'Un équipement, un accès, un logiciel ou autre chose.',
      it: 'Un’attrezzatura, un accesso, un programma o altro.',
    },
    position: 1,
    fields: [
      {
        key: 'what',
        label: { en: 'What do you need?', fr: 'De quoi avez-vous besoin ?', it: 'Di che cosa ha bisogno?' },
        type: 'textarea',
        required: true,
      },
      {
        key: 'needed_by',
        label: { en: 'Needed by', fr: 'Pour le', it: 'Entro il' },
        type: 'date',
        required: false,
      },
    ],
  })
}
