const names = (text: string): string[] => text.split(',').map((name) => name.trim())

/** What columns are called, in English, French, Italian, German, Spanish and Portuguese: in lower case, without accents or signs. */
export const HEADERS: Record<string, string[]> = {
  number: names(`
    ticket number, ticket id, ticket no, ticket, number, incident number, incident id, case number, case id,
    issue key, clave de incidencia, issue id, request id, request number, work order id, sr number, id ticket,
    ticket ref, chamado, numero do chamado, id chamado, codigo, reference, ref, key, id, no, nr, numero, numero de ticket, n ticket,
    numero ticket, id ticket, codice, nummer, ticketnummer, n, numero du ticket, reference du ticket,
    identifiant, identificativo, kennung, call number, unique key, tiny id, vorgangsschlussel, case, sr`),
  title: names(`
    title, subject, brief description, short desc, ticket subject, ticket title, summary, assunto, resumo, short description, headline, name, issue, problem summary, titre, objet, sujet,
    resume, description courte, breve description, description breve, intitule, titolo, oggetto,
    descrizione breve, riepilogo, onderwerp, complaint type, message, titel, betreff, kurzbeschreibung, zusammenfassung, titulo, asunto, resumen`),
  description: names(`
    description, ticket description, descricao, details, body, content, message, issue details, notes, long description,
    description detaillee, contenu, descrizione, dettagli, beschreibung, inhalt, descripcion`),
  created_at: names(`
    created, created at, created on, creada, fecha creacion, data abertura, data de abertura, aberto em, criado em,
    data criacao, sys created on, date reported, date occurred, date raised, reported on, reported, opendate, opened time, aangemaakt, aangemaakt op, logged on, logged at, logged date, call date, date logged, raised on,
    opened date, ticket created, createdate, ticket creation date, created time, created date, creation date, date created, opened,
    opened at, opened on, open date, opening date, date opened, open time, submitted, submit date,
    reported date, reported at, create time, create date, start date, started at, downtime start, date,
    date de creation, cree le, date d ouverture, ouvert, ouvert le, date ouverture, creation, data di apertura,
    data apertura, aperto, aperto il, data di creazione, data creazione, creato il, erstellt, erstellt am,
    erstelldatum, eroffnet, eroffnungsdatum, angelegt am, fecha de creacion, fecha de apertura, creado,
    timestamp`),
  at: names(`
    updated, updated at, updated on, actualizada, sys updated on, atualizado em, ultima atualizacao, event time,
    change date, changed on, last updated, last update, last modified, modified, modified date,
    update time, changed at, changeddate, last modified date, last mod date, change date time, date stamp, mi start,
    resolution action updated date, gewijzigd op, last updated time, mis a jour, mis a jour le, derniere modification,
    date de modification, modifie le, aggiornato, aggiornato il, ultimo aggiornamento, ultima modifica,
    aktualisiert, aktualisiert am, geandert am, letzte anderung, actualizado, ultima actualizacion`),
  resolved_at: names(`
    resolved, resolved at, resolved on, resuelta, last resolved date, solved, solved on, solved date,
    resolutiondate, data resolucao, resolvido em, fixed at, resolution date, resolved date, resolved time, solved at,
    date resolved, resolution time, time to resolution, downtime end, resolu le, date de resolution, resolu, risolto il,
    data di risoluzione, data risoluzione, risolto, gelost am, losungsdatum, gelost, fecha de resolucion`),
  closed_at: names(`
    closed, closure date, date completed, completed, closed at, closed on, completed at, completed on, completed time, completed date,
    completion date, finished at, data fechamento, data de fechamento, fechado em, encerrado em, close time, close date, closing date, closed date, closed time, date closed, end date,
    ended at, ferme le, clos le, date de cloture, date de fermeture, cloture le, ferme, data di chiusura,
    data chiusura, chiuso il, chiuso, geschlossen am, geschlossen, abschlussdatum, fecha de cierre, cerrado`),
  acknowledged_at: names(`
    acknowledged at, acknowledged on, acknowledged, first lock, started, responded date, acknowledged time, pris en charge le, preso in carico il`),
  first_response_at: names(`
    first response at, first response, first response date, first response time, first responded at, responded at, first reply at`),
  state: names(`
    state, status, sub status, id status, bug status, stage, mi value, incident activity type, activity, event, current status, request status, issue status, estado actual, situacao, situacion, ticket status, incident state, etat, statut, stato, zustand, estado,
    statut du ticket, etat du ticket`),
  pending_reason: names(`
    hold reason, on hold reason, pending reason, status reason, state reason, motif de mise en attente, motivo sospensione`),
  kind: names(`
    type, tracker, ticket type, issue type, incident type, record type, tipo de incidencia, tipo chamado, kind, request type, task type, tipo, typ, type de ticket`),
  priority: names(`
    priority, ticket priority, prioriteit, prioridade, prio, priority level, severity, priorite, priorita, prioritat, prioridad, criticite`),
  impact: names(`
    impact, sr latest impact, impatto, auswirkung, impacto`),
  urgency: names(`
    urgency, urgence, urgenza, dringlichkeit, urgencia`),
  service: names(`
    service, business service, service component wbs, service name, sistema, affected service, application, product, servizio, dienst, servicio`),
  item: names(`
    configuration item, component, components, ci, ci name, ci name aff, cmdb ci, asset, device, host, element de configuration, materiel`),
  category: names(`
    category, category name, operational categorization tier 1, product categorization tier 1, help topic, topic, categorie, categoria, kategorie`),
  symptom: names(`
    symptom, user symptom, descriptor, service subcategory name, subcategory, subcategoria, operational categorization tier 2, sub category, sous categorie, sottocategoria, unterkategorie, symptome`),
  location: names(`
    location, incident address, borough, country, site, office, lieu, localisation, sede, luogo, standort, ubicacion`),
  team: names(`
    team, operator group, owner team, owned by team, teams, team name, involved st, agency, escalation policy name, group, group name, support team, assignment group, assigned group, department, queue, support group, assigned team, groupe,
    equipe, groupe d affectation, service en charge, file, gruppo, gruppo di assegnazione, squadra, reparto,
    coda, gruppe, abteilung, warteschlange, zuweisungsgruppe, grupo, equipo`),
  assignee: names(`
    assignee, operator, owned by, assigned, assignees, assigned to, assigned to user names, support incharge, agent full name,
    owner first name, assignee email, assignee username, toegewezen aan, assigned agent, assigned technician, persona asignada, analista, atribuido a, agent, owner, technician, responsible, resolver, handled by, agent name, affecte a,
    assigne a, attribue a, technicien, responsable, assegnato a, tecnico, assegnatario, zugewiesen an,
    bearbeiter, besitzer, asignado a`),
  requester: names(`
    requester, profile full name, id caller, caller id, aanvrager, requester email, requestor, requestors, requester name, requestor name, customer user,
    customer name, affected user, end user, caller full name, informador, solicitante nome, usuario, caller, customer, requested by, requested for, reporter, user, from, email,
    contact, associated contact, author, author username, customer email, opened for, client, affected user, demandeur, appelant, utilisateur, richiedente,
    chiamante, utente, cliente, anforderer, melder, kunde, solicitante`),
  requester_email: names(`
    requester email, requester mail, customer email, user email, caller email, contact email, reporter email, from email,
    email`),
  reporter: names(`
    opened by, created by, creator, creador, logged by, submitter, raised by, submitted by, ouvert par, cree par, aperto da, creato da, erstellt von`),
  resolution_code: names(`
    resolution, closure code, resolution code, close code, closed code, code de resolution, codice di chiusura`),
  reopen_count: names(`
    reopen count, reopens, times reopened, reopened, nombre de reouvertures, numero di riaperture`),
  tags: names(`
    tags, labels, tag, keywords, etiquettes, mots cles, etichette, schlagworter, etiquetas`),
  zone: names(`
    time zone, timezone, tz, fuseau horaire, fuso orario, zeitzone, zona horaria`),
  'sla.response': names(`
    response sla, sla response breached, response sla breached, response breached, sla tto passed, first response status, response sla met, sla response`),
  'sla.resolution': names(`
    sla met, made sla, sla state, sla ttr passed, sla resolution breached, resolution sla breached, resolution breached, sla missed, sla breached, sla violated, breached, overdue, is overdue, slm status, slm real time status, sla compliance, overdue status, sla, resolution status, resolution sla, resolution sla met, in time, sla status,
    sla respecte, sla rispettato, dans les delais, sla resolution`),
  comments: names(`
    comment, comments, comentario, comentarios, work log, worklog, work notes, comments and work notes, commentaires, suivis, commenti, kommentare`),
}

export const plainName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    // As programs write them: lastUpdated, TicketID.
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .replace(/^#$/, 'no')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** “Bug Status”, “inc_state” and “Created At (UTC)” without what only says whose they are. */
export const withoutSurroundings = (plain: string): string =>
  plain
    .replace(/\bdate time\b/, 'date')
    .replace(/^(?:inc|mi|sr|ticket|issue|incident|request|case|bug|task|alert|problem|work order) (?=.)/, '')
    .replace(/(?<=.) (?:utc|gmt|local time|aff|full name|name)$/, '')
