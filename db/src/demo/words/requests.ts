import type { CategoryKey } from '../organisation.ts'
import { type Local, local } from './local.ts'
import type { ServiceKey } from './services.ts'

export interface Field {
  key: string
  label: Local
  help?: Local
  type: 'text' | 'textarea' | 'select' | 'date' | 'checkbox' | 'person'
  required: boolean
  names?: boolean
  options?: { value: string; label: Local }[]
}

export interface ItemWords {
  key: string
  kind: 'incident' | 'request'
  name: Local
  description: Local
  service: ServiceKey
  category: CategoryKey
  impact: 'high' | 'medium' | 'low'
  urgency: 'high' | 'medium' | 'low'
  weight: number
  /** What people write in the title, `{}` for a name or thing of theirs. */
  titles: Local
  things: readonly string[]
  fields: Field[]
  /** Median working hours to fulfil. */
  takes: number
}

const field = (
  key: string,
  type: Field['type'],
  label: Local,
  required = true,
  options?: readonly (readonly [string, Local])[],
): Field => ({
  key,
  type,
  label,
  required,
  ...(options && { options: options.map(([value, name]) => ({ value, label: name })) }),
})

const WHY = field(
  'reason',
  'textarea',
  local('Why do you need it?', 'Pourquoi en avez-vous besoin ?', 'Perché serve?'),
)
const WHEN = field('needed_by', 'date', local('Needed by', 'Pour le', 'Entro il'), false)

/** What an employee can ask for. */
export const ITEMS: ItemWords[] = [
  {
    key: 'broken',
    kind: 'incident',
    name: local('Something is broken', 'Quelque chose ne marche pas', 'Qualcosa non funziona'),
    description: local(
      'Tell us what does not work. We find the right people.',
      'Dites-nous ce qui ne marche pas. Nous trouvons les bonnes personnes.',
      'Diteci che cosa non funziona. Troviamo noi le persone giuste.',
    ),
    service: 'workstations',
    category: 'software',
    impact: 'low',
    urgency: 'medium',
    weight: 0,
    titles: local('', '', ''),
    things: [],
    takes: 0,
    fields: [
      field('since', 'text', local('Since when?', 'Depuis quand ?', 'Da quando?'), false),
      field(
        'blocked',
        'checkbox',
        local('I cannot work at all', 'Je ne peux plus travailler', 'Non posso lavorare'),
        false,
      ),
    ],
  },
  {
    key: 'laptop',
    kind: 'request',
    name: local('A laptop', 'Un ordinateur portable', 'Un portatile'),
    description: local(
      'A new or replacement laptop, set up for you.',
      'Un ordinateur portable neuf ou de remplacement, prêt à l’emploi.',
      'Un portatile nuovo o sostitutivo, già configurato.',
    ),
    service: 'workstations',
    category: 'laptop',
    impact: 'low',
    urgency: 'medium',
    weight: 9,
    takes: 24,
    titles: local('New laptop for {}', 'Ordinateur portable pour {}', 'Nuovo portatile per {}'),
    things: ['Marco', 'Claire', 'Francesca', 'Elena', 'Hugo', 'Priya', 'Davide', 'Camille'],
    fields: [
      field('model', 'select', local('Model', 'Modèle', 'Modello'), true, [
        ['light', local('Light, 13 inches', 'Léger, 13 pouces', 'Leggero, 13 pollici')],
        ['standard', local('Standard, 14 inches', 'Standard, 14 pouces', 'Standard, 14 pollici')],
        ['power', local('Workstation', 'Station de travail', 'Workstation')],
      ]),
      WHY,
      WHEN,
    ],
  },
  {
    key: 'access',
    kind: 'request',
    name: local('Access to an application', 'Accès à une application', 'Accesso a un’applicazione'),
    description: local(
      'Rights for you or somebody in your team.',
      'Des droits pour vous ou quelqu’un de votre équipe.',
      'Permessi per voi o per un collega del team.',
    ),
    service: 'directory',
    category: 'access',
    impact: 'low',
    urgency: 'medium',
    weight: 26,
    takes: 5,
    titles: local('Access to {}', 'Accès à {}', 'Accesso a {}'),
    things: [
      'ERP / Purchasing',
      'Reports / Sales Europe',
      'WMS console',
      '\\\\files-01\\quality',
      'Supplier Portal',
      'HR / Payslips',
      'Payments back office',
      'Lyon mailing list',
    ],
    fields: [
      field(
        'application',
        'text',
        local('Application or folder', 'Application ou dossier', 'Applicazione o cartella'),
      ),
      field('level', 'select', local('Level', 'Niveau', 'Livello'), true, [
        ['read', local('Read', 'Lecture', 'Lettura')],
        ['write', local('Read and write', 'Lecture et écriture', 'Lettura e scrittura')],
      ]),
      WHY,
    ],
  },
  {
    key: 'starter',
    kind: 'request',
    name: local('A new starter', 'Une nouvelle arrivée', 'Un nuovo ingresso'),
    description: local(
      'Account, computer, badge and access for somebody who joins.',
      'Compte, poste, badge et accès pour une personne qui arrive.',
      'Account, computer, badge e accessi per chi entra.',
    ),
    service: 'directory',
    category: 'people',
    impact: 'low',
    urgency: 'medium',
    weight: 7,
    takes: 30,
    titles: local('New starter: {}', 'Nouvelle arrivée : {}', 'Nuovo ingresso: {}'),
    things: [
      'Quality, Verona',
      'Finance, Milano',
      'Logistics, Bologna',
      'Marketing, Paris',
      'Line 4, Verona',
      'Customer Care, Lyon',
    ],
    fields: [
      field('name', 'text', local('Full name', 'Nom complet', 'Nome e cognome')),
      field('starts_on', 'date', local('First day', 'Premier jour', 'Primo giorno')),
      field('department', 'text', local('Department', 'Service', 'Reparto')),
      {
        ...field(
          'buddy',
          'person',
          local('Who shows them round', 'Qui l’accompagne', 'Chi l’accompagna'),
          false,
        ),
        names: true,
      },
      field(
        'laptop',
        'checkbox',
        local('Needs a laptop', 'A besoin d’un ordinateur', 'Serve un portatile'),
        false,
      ),
    ],
  },
  {
    key: 'software',
    kind: 'request',
    name: local('Software', 'Un logiciel', 'Un software'),
    description: local(
      'Install a program or get a licence.',
      'Installer un programme ou obtenir une licence.',
      'Installare un programma o avere una licenza.',
    ),
    service: 'workstations',
    category: 'software',
    impact: 'low',
    urgency: 'low',
    weight: 17,
    takes: 9,
    titles: local('Please install {}', 'Installer {}', 'Installare {}'),
    things: [
      'PDF Editor',
      'Label Designer',
      'CAD Viewer',
      'SQL Client',
      'Visio',
      'Power BI Desktop',
      'Scanner Suite',
      'Illustrator',
    ],
    fields: [field('software', 'text', local('Which software?', 'Quel logiciel ?', 'Quale software?')), WHY],
  },
  {
    key: 'password',
    kind: 'request',
    name: local('Password or second factor', 'Mot de passe ou second facteur', 'Password o secondo fattore'),
    description: local(
      'You cannot sign in any more.',
      'Vous ne pouvez plus vous connecter.',
      'Non riuscite più ad accedere.',
    ),
    service: 'directory',
    category: 'access',
    impact: 'low',
    urgency: 'high',
    weight: 22,
    takes: 0.7,
    titles: local('Password reset: {}', 'Mot de passe à réinitialiser : {}', 'Reset della password: {}'),
    things: ['ERP', 'VPN', 'Windows', 'Supplier Portal', 'MFA'],
    fields: [field('account', 'text', local('Which account?', 'Quel compte ?', 'Quale account?'))],
  },
  {
    key: 'phone',
    kind: 'request',
    name: local('A phone or SIM', 'Un téléphone ou une SIM', 'Un telefono o una SIM'),
    description: local(
      'Company phone, SIM card, roaming.',
      'Téléphone de l’entreprise, carte SIM, itinérance.',
      'Telefono aziendale, SIM, roaming.',
    ),
    service: 'telephony',
    category: 'hardware',
    impact: 'low',
    urgency: 'low',
    weight: 6,
    takes: 16,
    titles: local('Phone: {}', 'Téléphone : {}', 'Telefono: {}'),
    things: ['roaming CH', 'SIM', 'iPhone', 'Galaxy A16'],
    fields: [
      field('what', 'text', local('What do you need?', 'De quoi avez-vous besoin ?', 'Che cosa serve?')),
      WHEN,
    ],
  },
  {
    key: 'space',
    kind: 'request',
    name: local('More space', 'Plus d’espace', 'Più spazio'),
    description: local(
      'A larger share or mailbox.',
      'Un partage ou une boîte plus grande.',
      'Una cartella o una casella più grande.',
    ),
    service: 'storage',
    category: 'infrastructure',
    impact: 'low',
    urgency: 'low',
    weight: 4,
    takes: 8,
    titles: local('More space on {}', 'Plus d’espace sur {}', 'Più spazio su {}'),
    things: ['design', 'quality-archive', 'files-02', 'mailbox'],
    fields: [
      field('where', 'text', local('Where?', 'Où ?', 'Dove?')),
      field('size', 'text', local('How much?', 'Combien ?', 'Quanto?'), false),
    ],
  },
]
