import type { Mapping } from '../mapping.ts'
import { KINDS, PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/** Zammad: the list of tickets of a report, saved as CSV, or the tickets of its API with the names of its columns. */
export const zammad: Input = {
  source: 'zammad',
  rows: 'ticket',
  missing: ['-'],
  dates: 'auto',
  html: true,
  number: ['#', 'Number', 'Nummer', 'Numéro', 'Ticket#'],
  at: ['Updated At', 'updated_at', 'Aktualisiert am', 'Mis à jour le'],
  kind: { from: ['Type', 'type'], values: KINDS },
  state: {
    from: ['State', 'state', 'Status', 'État'],
    // Open is what somebody is at; what nobody has looked at is new.
    values: {
      ...STATES,
      open: { state: 'in_progress' },
      offen: { state: 'in_progress' },
      ouvert: { state: 'in_progress' },
    },
  },
  title: ['Title', 'Titel', 'Titre'],
  description: ['Body', 'Note', 'Article'],
  priority: { from: ['Priority', 'Priorität', 'Priorité'], values: PRIORITIES },
  team: ['Group', 'Gruppe', 'Groupe'],
  assignee: ['Owner', 'Besitzer', 'Propriétaire'],
  requester: ['Customer', 'Kunde', 'Client'],
  tags: ['Tags', 'Tag List', 'tag_list'],
  created_at: ['Created At', 'created_at', 'Erstellt am', 'Créé le'],
  first_response_at: ['First Response At', 'first_response_at'],
  closed_at: ['Closed At', 'Close At', 'close_at', 'Geschlossen am', 'Fermé le'],
  fields: {
    organisation: ['Organization', 'organization'],
    channel: ['Create Channel', 'create_article_type'],
    articles: ['Article Count', 'article_count'],
    time_units: ['Time Units Total', 'time_unit'],
  },
}
