import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { mailHost } from './deliver.ts'
import { button, htmlMail } from './html.ts'
import type { Locale } from './message-shape.ts'
import { MESSAGES } from './messages.ts'

/** To whoever made a thing that administrators keep, when it can no longer do what it is for. */
export const THING_NOTICES = ['webhook-stopped', 'rule-cut'] as const
export type ThingTemplate = (typeof THING_NOTICES)[number]

export interface ThingTold {
  id: string
  name: string
}

export const isThingTemplate = (template: string): template is ThingTemplate =>
  (THING_NOTICES as readonly string[]).includes(template)

/** What the line of a leased notice `l` is about, where it is such a thing. */
export const THING_TOLD = sql`case when l.template = any(${[...THING_NOTICES]}::text[]) then (
  select jsonb_build_object('id', s.subject_id, 'name', coalesce(w.name, (
    select r ->> 'name' from automation_ruleset v, jsonb_array_elements(v.body -> 'rules') r
    where v.version = (s.after ->> 'version')::int and r ->> 'id' = s.subject_id::text)))
  from activity s left join webhook w on w.id = s.subject_id where s.id = l.activity_id) end`

const pages: Record<ThingTemplate, (id: string) => string> = {
  'webhook-stopped': (id) => `/admin/webhooks/${id}`,
  'rule-cut': (id) => `/admin/automation/log?rule=${id}&state=cut`,
}

interface Words {
  subject: (name: string) => string
  lead: (name: string) => string
}

const words: Record<Locale, Record<ThingTemplate, Words>> = {
  en: {
    'webhook-stopped': {
      subject: (name) => `Webhook stopped: ${name}`,
      lead: (name) =>
        `Nothing arrived at the webhook “${name}” any more, so it was stopped. What happens meanwhile is kept for thirty days: switch it on again once its receiver answers, and replay what failed.`,
    },
    'rule-cut': {
      subject: (name) => `Rule cut short: ${name}`,
      lead: (name) =>
        `The automation rule “${name}” was kept from acting once more: what it does came back to it, or it acted too often on one ticket. See where, and change its trigger or its condition. You are told once a day.`,
    },
  },
  fr: {
    'webhook-stopped': {
      subject: (name) => `Webhook arrêté : ${name}`,
      lead: (name) =>
        `Plus rien n’arrivait au webhook « ${name} » : il a été arrêté. Ce qui se passe entre-temps est gardé trente jours : rallumez-le quand son destinataire répond, puis renvoyez ce qui a échoué.`,
    },
    'rule-cut': {
      subject: (name) => `Règle interrompue : ${name}`,
      lead: (name) =>
        `La règle d’automatisation « ${name} » a été empêchée d’agir encore : ce qu’elle fait lui est revenu, ou elle a agi trop souvent sur un ticket. Voyez où, et changez son déclencheur ou sa condition. Vous en êtes informé une fois par jour.`,
    },
  },
  it: {
    'webhook-stopped': {
      subject: (name) => `Webhook fermato: ${name}`,
      lead: (name) =>
        `Al webhook «${name}» non arrivava più nulla, perciò è stato fermato. Quello che accade intanto resta per trenta giorni: riaccendilo quando il destinatario risponde e rimanda ciò che non è arrivato.`,
    },
    'rule-cut': {
      subject: (name) => `Regola interrotta: ${name}`,
      lead: (name) =>
        `Alla regola di automazione «${name}» è stato impedito di agire ancora: ciò che fa è tornato a lei, oppure ha agito troppo spesso su un ticket. Guarda dove, e cambia il suo evento o la sua condizione. Te lo diciamo una volta al giorno.`,
    },
  },
}

export function thingMail(
  {
    id,
    template,
    person,
    thing,
  }: {
    id: string
    template: ThingTemplate
    person: { id: string; email: string; locale: Locale }
    thing: ThingTold
  },
  publicUrl: string,
) {
  const { follow, sentBy } = MESSAGES[person.locale]
  const { subject, lead } = words[person.locale][template]
  const url = `${publicUrl}${pages[template](thing.id)}`
  return {
    messageId: `<notice-${id}@${mailHost(publicUrl)}>`,
    to: person.email,
    subject: subject(thing.name),
    text: [lead(thing.name), `${follow}: ${url}`, sentBy].join('\n\n'),
    html: htmlMail(person.locale, [lead(thing.name), { raw: button(follow, url) }, sentBy]),
    personId: person.id,
    ticketId: null,
  }
}

/** Tells whoever made the thing that the line is about. */
export async function tellOfThing(
  tx: Tx,
  {
    template,
    activityId,
    personId,
  }: { template: ThingTemplate; activityId: string; personId: string | null },
): Promise<void> {
  await sql`
    insert into notice (person_id, activity_id, template, state, due_at, created_at)
    select id, ${activityId}, ${template}, 'waiting', ${tx.now}, ${tx.now} from person
    where id = ${personId} and email is not null and archived_at is null
    on conflict (activity_id, person_id) do nothing
    returning pg_notify('due', 'notices')`.execute(tx.db)
}
