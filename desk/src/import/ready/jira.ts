import type { Mapping } from '../mapping.ts'
import { KINDS, LEVELS, OUTCOMES, pending, PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/** Jira Service Management: an issue search exported as CSV (all fields or the current ones), one row an issue. */
export const jira: Input = {
  source: 'jira',
  rows: 'ticket',
  dates: 'auto',
  wiki: true,
  number: [
    'Issue key',
    'Key',
    'Clave de incidencia',
    'Clé de ticket',
    'Chiave ticket',
    'Vorgangsschlüssel',
    'Schlüssel',
  ],
  at: ['Updated', 'Actualizada', 'Mise à jour', 'Aggiornato', 'Aktualisiert'],
  kind: {
    from: [
      'Issue Type',
      'Work type',
      'Type',
      'Tipo de Incidencia',
      'Type de ticket',
      'Tipo di ticket',
      'Vorgangstyp',
    ],
    values: KINDS,
  },
  state: {
    from: ['Status', 'Estado', 'État', 'Stato'],
    values: {
      ...STATES,
      'waiting for support': { state: 'in_progress' },
      'zu erledigen': { state: 'new' },
      'under review': { state: 'in_progress' },
      implementing: { state: 'in_progress' },
      planning: { state: 'in_progress' },
      review: { state: 'in_progress' },
      'waiting for approval': pending('requester'),
      'awaiting cab approval': pending('other'),
      'awaiting implementation': pending('change'),
    },
  },
  title: ['Summary', 'Resumen', 'Résumé', 'Riepilogo', 'Zusammenfassung'],
  description: ['Description', 'Descripción', 'Descrizione', 'Beschreibung'],
  impact: {
    from: ['Custom field (Impact)', 'Impact', 'Campo personalizado (Impact)'],
    values: LEVELS,
  },
  urgency: {
    from: ['Custom field (Urgency)', 'Urgency', 'Campo personalizado (Urgency)'],
    values: LEVELS,
  },
  priority: {
    from: ['Priority', 'Prioridad', 'Priorité', 'Priorità', 'Priorität'],
    values: { ...PRIORITIES, major: 'P2' },
  },
  service: ['Custom field (Affected services)', 'Affected services', 'Component/s', 'Components'],
  category: ['Custom field (Request Type)', 'Request Type', 'Custom field (Category)'],
  symptom: ['Custom field (Root cause)', 'Custom field (Request Type)', 'Request Type'],
  team: ['Custom field (Team)', 'Team', 'Custom field (Assignment group)'],
  assignee: [
    'Assignee',
    'Persona asignada',
    'Personne assignée',
    'Assegnatario',
    'Zugewiesene Person',
    'Bearbeiter',
  ],
  requester: ['Reporter', 'Informador', 'Rapporteur', 'Segnalatore', 'Autor'],
  reporter: ['Creator', 'Reporter', 'Creador', 'Créateur', 'Creatore', 'Ersteller'],
  tags: ['Labels', 'Label', 'Etiquetas', 'Étiquettes', 'Etichette', 'Stichwörter'],
  created_at: ['Created', 'Creation date', 'Creada', 'Création', 'Creato', 'Erstellt'],
  resolved_at: ['Resolved', 'Resolution date', 'Resuelta', 'Résolue', 'Risolto', 'Erledigt'],
  resolution_code: ['Resolution', 'Resolución', 'Résolution', 'Risoluzione', 'Lösung'],
  sla: {
    response: {
      from: ['Custom field (Time to first response)', 'Time to first response'],
      values: OUTCOMES,
    },
    resolution: {
      from: ['Custom field (Time to resolution)', 'Time to resolution'],
      values: OUTCOMES,
    },
  },
  comments: {
    from: ['Comment', 'Comments', 'Comentario', 'Commentaire', 'Commento', 'Kommentar'],
    form: 'date;author;text',
  },
  fields: {
    project: ['Project key', 'Project name'],
    satisfaction: ['Satisfaction rating'],
  },
}
