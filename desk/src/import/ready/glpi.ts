import type { Mapping } from '../mapping.ts'
import { KINDS, LEVELS, PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/** GLPI: a list of tickets exported as CSV, in the language of whoever exported it; all pages, not the current one. */
export const glpi: Input = {
  source: 'glpi',
  rows: 'ticket',
  dates: 'auto',
  html: true,
  number: ['ID'],
  at: [
    'Last update',
    'Dernière modification',
    'Ultimo aggiornamento',
    'Ultima modifica',
    'Letzte Aktualisierung',
  ],
  kind: { from: ['Type', 'Tipo', 'Typ'], values: KINDS },
  state: { from: ['Status', 'Statut', 'Stato'], values: STATES },
  title: ['Title', 'Titre', 'Titolo', 'Titel'],
  description: ['Description', 'Descrizione', 'Beschreibung', 'Content', 'Contenu'],
  impact: { from: ['Impact', 'Impatto', 'Auswirkung'], values: LEVELS },
  urgency: { from: ['Urgency', 'Urgence', 'Urgenza', 'Dringlichkeit'], values: LEVELS },
  priority: { from: ['Priority', 'Priorité', 'Priorità', 'Priorität'], values: PRIORITIES },
  item: ['Associated elements', 'Éléments associés', 'Elementi associati', 'Associated element'],
  category: ['Category', 'Catégorie', 'Categoria', 'Kategorie'],
  symptom: ['Category', 'Catégorie', 'Categoria', 'Kategorie'],
  location: ['Location', 'Lieu', 'Luogo', 'Standort'],
  team: [
    'Assigned to - Technician group',
    'Attribué à - Groupe de techniciens',
    'Attribué à - Groupe technicien',
    'Assegnato a - Gruppo di tecnici',
    'Assegnato a - Gruppo tecnico',
    'Zugewiesen an - Technikergruppe',
  ],
  assignee: [
    'Assigned to - Technician',
    'Attribué à - Technicien',
    'Assegnato a - Tecnico',
    'Zugewiesen an - Techniker',
  ],
  requester: [
    'Requester - Requester',
    'Demandeur - Demandeur',
    'Richiedente - Richiedente',
    'Anforderer - Anforderer',
  ],
  reporter: ['Writer', 'Rédacteur', 'Autore', 'Verfasser'],
  created_at: ['Opening date', "Date d'ouverture", 'Data di apertura', 'Eröffnungsdatum'],
  resolved_at: [
    'Resolution date',
    'Date de résolution',
    'Data di risoluzione',
    'Date de solution',
    'Lösungsdatum',
  ],
  closed_at: ['Closing date', 'Date de clôture', 'Data di chiusura', 'Abschlussdatum'],
  comments: {
    from: [
      'Followups - Description',
      'Suivis - Description',
      'Followups',
      'Suivis',
      'Solution - Solution',
      'Solution',
    ],
    form: 'text',
  },
  fields: {
    entity: ['Entity', 'Entité', 'Entità'],
    request_source: ['Request source', 'Source de la demande', 'Origine della richiesta'],
    time_to_resolve: ['Time to resolve', 'TTR', 'Temps de résolution', 'Tempo di risoluzione'],
    requester_group: ['Requester - Requester group', 'Demandeur - Groupe demandeur'],
  },
}
