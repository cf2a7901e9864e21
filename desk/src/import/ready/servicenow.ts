import type { Mapping } from '../mapping.ts'
import { KINDS, LEVELS, OUTCOMES, pending, PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/**
 * ServiceNow: lists exported as CSV, by field names or by labels, and logs of updates. Where an export has no
 * business service its category stands for what people complain about.
 */
export const servicenow: Input = {
  source: 'servicenow',
  missing: ['?', '(empty)', 'null'],
  dates: 'auto',
  number: ['number', 'Number', 'Numéro', 'Numero', 'Nummer'],
  at: ['sys_updated_at', 'sys_updated_on', 'Updated', 'Mis à jour', 'Aggiornato'],
  kind: {
    from: ['sys_class_name', 'Task type', 'Type', 'Type de tâche'],
    values: KINDS,
  },
  state: {
    from: ['incident_state', 'state', 'State', 'Incident state', 'État', "État de l'incident", 'Stato'],
    values: {
      ...STATES,
      1: { state: 'new' },
      2: { state: 'in_progress' },
      3: pending('other'),
      6: { state: 'resolved' },
      7: { state: 'closed' },
      8: { state: 'cancelled' },
    },
  },
  title: [
    'short_description',
    'Short description',
    'Brève description',
    'Description courte',
    'Descrizione breve',
    { join: ['category', 'subcategory', 'u_symptom'], with: ' / ', partly: true },
    'number',
  ],
  description: ['description', 'Description', 'Descrizione'],
  impact: { from: ['impact', 'Impact', 'Impatto'], values: LEVELS },
  urgency: { from: ['urgency', 'Urgency', 'Urgence', 'Urgenza'], values: LEVELS },
  priority: {
    from: ['priority', 'Priority', 'Priorité', 'Priorità'],
    values: PRIORITIES,
  },
  service: [
    'business_service',
    'Service',
    'Business service',
    'category',
    'Category',
    'Catégorie',
    'Categoria',
  ],
  item: ['cmdb_ci', 'Configuration item', 'Élément de configuration', 'Elemento di configurazione'],
  category: ['category', 'Category', 'Catégorie', 'Categoria'],
  symptom: ['u_symptom', 'Symptom', 'subcategory', 'Subcategory', 'Sous-catégorie', 'Sottocategoria'],
  location: ['location', 'Location', 'Lieu', 'Ubicazione'],
  team: ['assignment_group', 'Assignment group', "Groupe d'affectation", 'Gruppo di assegnazione'],
  assignee: ['assigned_to', 'Assigned to', 'Affecté à', 'Assegnato a'],
  requester: [
    'caller_id',
    'Caller',
    'requested_for',
    'Requested for',
    'Appelant',
    'Demandeur',
    'Chiamante',
    'Richiedente',
  ],
  reporter: ['opened_by', 'Opened by', 'Ouvert par', 'Aperto da'],
  created_at: [
    'opened_at',
    'Opened',
    'sys_created_on',
    'sys_created_at',
    'Created',
    'Ouvert',
    'Créé',
    'Aperto',
    'Creato',
  ],
  resolved_at: ['resolved_at', 'Resolved', 'Résolu', 'Risolto'],
  closed_at: ['closed_at', 'Closed', 'Fermé', 'Clos', 'Chiuso'],
  resolution_code: ['close_code', 'closed_code', 'Close code', 'Resolution code'],
  reopen_count: ['reopen_count', 'Reopen count'],
  sla: { resolution: { from: ['made_sla', 'Made SLA'], values: OUTCOMES } },
  comments: {
    from: [
      'comments_and_work_notes',
      'Comments and Work notes',
      'comments',
      'Additional comments',
      'work_notes',
      'Work notes',
    ],
    form: 'journal',
  },
  fields: {
    contact_type: ['contact_type', 'Contact type', 'Channel'],
    subcategory: ['subcategory', 'Subcategory'],
    reassignment_count: ['reassignment_count', 'Reassignment count'],
    problem: ['problem_id', 'Problem'],
    change: ['rfc', 'Change Request'],
    caused_by: ['caused_by', 'Caused by Change'],
    vendor: ['vendor', 'Vendor'],
    resolved_by: ['resolved_by', 'Resolved by'],
    knowledge: ['knowledge', 'Knowledge'],
  },
}
