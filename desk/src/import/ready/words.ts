import type { ImportedState, Mapping, Outcome } from '../mapping.ts'

type Coded = 'kind' | 'priority' | 'impact'
type Values<F extends Coded> = NonNullable<Mapping[F]>['values']

const each = <C>(code: C, words: string): Record<string, C> =>
  Object.fromEntries(words.split(',').map((word) => [word.trim(), code]))
export const pending = (reason: NonNullable<ImportedState['reason']>): ImportedState => ({
  state: 'pending',
  reason,
})
const level = (code: 'high' | 'medium' | 'low', words: string) => each(code, words)
const priority = (code: 'P1' | 'P2' | 'P3' | 'P4' | 'P5', words: string) => each(code, words)
const kind = (code: 'incident' | 'request' | 'problem' | 'change', words: string) => each(code, words)
const outcome = (code: Outcome, words: string) => each(code, words)
const state = (code: ImportedState, words: string) => each(code, words)

type Reason = NonNullable<ImportedState['reason']>
const reason = (code: Reason, words: string) => each(code, words)

/** Why a ticket waits, where a column of its own says so. */
export const REASONS: Record<string, Reason> = {
  ...reason(
    'requester',
    `
      requester, caller, awaiting caller, customer, awaiting customer, awaiting user info, awaiting user, client hold,
      client action required, customer hold, en attente de l'appelant, in attesa del chiamante`,
  ),
  ...reason(
    'vendor',
    `
      vendor, awaiting vendor, supplier, supplier delivery, third party vendor action reqd, awaiting third party,
      en attente du fournisseur, in attesa del fornitore`,
  ),
  ...reason(
    'change',
    `
      change, awaiting change, infrastructure change, pending change, en attente du changement, in attesa della modifica`,
  ),
  ...reason(
    'other',
    `
      other, problem, awaiting problem, awaiting evidence, local site action required, purchase order approval,
      registration approval, monitoring incident, future enhancement, support contact hold, automated resolution reported`,
  ),
}

/** What desks call their states, in English, French, Italian, German and Spanish. */
export const STATES: Record<string, ImportedState> = {
  ...state(
    { state: 'new' },
    `
      awaiting assignment, unconfirmed, triggered, noticed, nieuw, new, open, opened, to do, backlog, queued, logged, submitted, registered, unassigned, nouveau, nouvelle, ouvert, ouverte, à faire,
      enregistré, novo, aberto, aberta, por hacer, creado, nuovo, nuova, aperto, aperta, da fare, neu, offen, nuevo, abierto`,
  ),
  ...state(
    { state: 'in_progress' },
    `
      waiting on us, in call, investigating, identified, monitoring, acknowledged, in behandeling, implement, implementing, assess,
      authorize, authorized, review, root cause analysis, fix in progress, confirmed, in_progress, in progress,
      work in progress, active, assigned, accepted, processing, processing (assigned),
      processing (planned), started, wip, working, being worked, ongoing, dispatched, reopened, re-opened, escalated, under investigation, in review, en cours,
      en cours de traitement, en cours (attribué), rouvert, en cours (planifié), travail en cours, attribué,
      affecté, actif, em andamento, em atendimento, em progresso, atribuído, in corso, in lavorazione, in lavorazione (assegnato), attivo,
      in lavorazione (pianificato), in carico, assegnato, riaperto, in bearbeitung, in arbeit, aktiv, en curso,
      en progreso, in bearbeitung (zugewiesen), in bearbeitung (geplant), asignado`,
  ),
  ...state(
    pending('other'),
    `
      stalled, wait, wait - implementation, pending, on hold, onhold, on-hold, hold, waiting, pending auto close+, pending auto close-, paused, suspended, deferred, pending reminder, awaiting problem,
      awaiting evidence, pending close, waiting for approval, en attente, en suspens, suspendu, in attesa,
      sospeso, pendente, em espera, wartend, pendiente, warten auf erinnerung, warten auf schließen, ausstehend, approval, en espera`,
  ),
  ...state(
    pending('requester'),
    `
      waiting on contact, with user, feedback, wait - user, wait - customer, pending customer response, pending customer reply, pending user response, pending requester,
      awaiting customer response, awaiting user info, awaiting caller, awaiting customer, awaiting user, awaiting response, waiting for customer, waiting on customer, awaiting info,
      pending user, pending customer, awaiting requester, waiting for user, waiting on user, waiting on requester,
      awaiting your reply, aguardando cliente, aguardando usuário, en attente d'info appelant, en attente du client,
      en attente de l'utilisateur, en attente de l'appelant, en attente d'infos utilisateur,
      in attesa del cliente, in attesa del richiedente, in attesa dell'utente, warten auf kunden`,
  ),
  ...state(
    pending('vendor'),
    `
      wait - vendor, pending vendor response, awaiting vendor, awaiting third party, waiting on vendor, pending third party, aguardando fornecedor,
      waiting for vendor, pending vendor, waiting on third party, en attente du fournisseur,
      en attente fournisseur, in attesa del fornitore`,
  ),
  ...state(
    pending('change'),
    `
      awaiting change, pending change, en attente du changement, in attesa di modifica`,
  ),
  ...state(
    { state: 'resolved' },
    `
      afgehandeld, opgelost, resolved, solved, fixed, answered, resuelta, resolvido, resolvida, solucionado, done - resolved, résolu, résolue, traité, risolto, risolta, gelöst, erledigt, resuelto`,
  ),
  ...state(
    { state: 'closed' },
    `
      gesloten, verified, erledigt - geschlossen, terminé(e), fermé(e), resolved - closed, closed, completed, complete, done, finished, fechado, fechada, encerrado, encerrada, concluído, concluída,
      cerrada, completado, finalizado, finalizada, listo, hecho, closed - resolved, auto closed, auto-closed, closed complete, archived, closed incomplete, closed successful,
      closed unsuccessful, merged, clos, close, fermé, fermée, clôturé, clôturée, terminé, clos complet,
      chiuso, chiusa, completato, geschlossen, abgeschlossen, cerrado, zusammengeführt, fusionné, unito`,
  ),
  ...state(
    { state: 'cancelled' },
    `
      geannuleerd, unmatched, cancelled, canceled, cancelado, cancelada, voided, duplicate, won't do, wont do, rejected, declined, withdrawn, deleted, closed skipped, removed, annulé, annulée,
      rejeté, refusé, annullato, annullata, rifiutato, abgebrochen, storniert`,
  ),
}

export const PRIORITIES: Values<'priority'> = {
  ...priority(
    'P1',
    `
      immediate, 1, p1, 1 - critical, 1-critical, 1 critical, critical, p1 - critical, p1-critical, sev1, sev 1, sev-1, s1,
      severity 1, priority 1, 1 - urgent, 5 very high, muito alta, highest, blocker, urgent, emergency, very high, major, très haute,
      molto alta, sehr hoch, muy alta, critique, 1 - critique, urgente, majeure, critica, critico, 1 - critica,
      kritisch, maggiore, massima, dringend, crítica`,
  ),
  ...priority(
    'P2',
    `
      2, p2, 2 - high, 2-high, high, p2 - high, p2-high, sev2, sev 2, sev-2, s2, severity 2, priority 2, 4 high, 3 high, élevée, 2 - élevée, haut, haute, alta, 2 - alta, hoch`,
  ),
  ...priority(
    'P3',
    `
      3, p3, 3 - medium, 3-medium, 3-moderate, p3 - medium, p3 - moderate, p3-medium, sev3, sev 3, sev-3, s3,
      severity 3, priority 3, 3 normal, média, 3 - moderate, moderate, medium, normal, 2 normal, average, standard, modérée, 3 - modérée,
      moyenne, normale, media, 3 - media, mittel, moderata`,
  ),
  ...priority(
    'P4',
    `
      4, p4, 4 - low, 4-low, low, p4 - low, p4-low, sev4, sev 4, sev-4, s4, severity 4, priority 4, 2 low, baixa, 1 low, minor, basse, 4 - faible, faible, bassa, 4 - bassa, niedrig, baja, mineure,
      minore`,
  ),
  ...priority(
    'P5',
    `
      5, p5, sev5, sev 5, s5, severity 5, priority 5, 1 very low, muito baixa, 5 - planning, planning, very low, lowest, trivial, très basse, 5 - planification, planification,
      molto bassa, 5 - pianificazione, sehr niedrig, pianificazione, muy baja`,
  ),
}

export const LEVELS: Values<'impact'> = {
  ...level(
    'high',
    `
      1, 1 - high, 1-high, high, a service, 1-extensive/widespread, 2-significant/large, 1-critical, 2-high, alta,
      affects business, very high, critical, urgent, extensive / widespread, significant / large, extensive,
      significant, organization, enterprise, 1 - élevé, 1 - élevée, élevé, élevée, haut, haute, très haut,
      très haute, majeur, 1 - alta, 1 - alto, alto, alta, molto alto, molto alta, hoch, sehr hoch`,
  ),
  ...level(
    'medium',
    `
      2, 2 - medium, 2-medium, medium, a department, 3-moderate/limited, 3-medium, média, affects department, moderate, moderate / limited, normal, department, 2 - moyen, 2 - moyenne, moyen,
      moyenne, 2 - media, 2 - medio, medio, media, mittel, affects group`,
  ),
  ...level(
    'low',
    `
      4, 5, 3, 3 - low, 3-low, low, a person, 4-minor/localized, 4-low, baixa, affects user, very low, minor / localized, minor, individual, user, 3 - faible, 3 - bas, faible, bas,
      basse, très bas, très basse, 3 - bassa, 3 - basso, basso, bassa, molto basso, molto bassa, niedrig,
      sehr niedrig`,
  ),
}

export const KINDS: Values<'kind'> = {
  ...kind(
    'incident',
    `
      incident, [system] incident, user service restoration, infrastructure event, infrastructure restoration,
      incident request, outage, alert, bug, fault, issue, incidente, guasto, störung`,
  ),
  ...kind(
    'request',
    `
      it help, service task, feature, request, service request, user service request, service catalog, requisição, requisição de serviço,
      pedido, peticion, petición, [system] service request, question, task, sub-task,
      service request with approvals, [system] service request with approvals, support, sc_request,
      sc_req_item, sc_task, requested item, catalog task, how-to, demande, demande de service, richiesta,
      richiesta di servizio, anfrage, solicitud, feature request, requested`,
  ),
  ...kind(
    'problem',
    `
      known error, problem, [system] problem, problème, problema`,
  ),
  ...kind(
    'change',
    `
      change, [system] change, change_request, change request, changement, modifica`,
  ),
}

export const OUTCOMES: Record<string, Outcome> = {
  ...outcome(
    'breached',
    `
      service targets breached, 0, 0.0, false, no, n, não, fora do prazo, breached, sla breached, service target breached,
      all service targets breached, violated - resolved, overdue - closed, missed, violated, sla violated, late, non, faux, non respecté, falso, violato,
      non rispettato, nein, falsch, verletzt, overdue, failed`,
  ),
  ...outcome(
    'met',
    `
      1, 1.0, true, yes, y, sim, no prazo, dentro do prazo, within time limit, within the sla, sla met, not breached,
      within, met, ok, within sla, in time, oui, vrai, respecté, sì, si, vero, rispettato, ja, wahr,
      eingehalten, on time, achieved`,
  ),
}

const FLIPPED: Record<Outcome, Outcome> = { met: 'breached', breached: 'met' }
const SAID =
  /^(?:[01](?:\.0)?|true|false|yes|no|y|n|oui|non|vrai|faux|sì|si|vero|falso|ja|nein|wahr|falsch|sim|não)$/

/** Of a column that says whether a promise was broken: its “yes” is what elsewhere is “no”. */
export const OVERDUE: Record<string, Outcome> = Object.fromEntries(
  Object.entries(OUTCOMES).map(([word, outcome]) => [word, SAID.test(word) ? FLIPPED[outcome] : outcome]),
)
