import { composeEvent, type Event, type Unreadable } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { identity, listAt, present, textAt } from './fields.ts'
import { readAlert } from './prometheus-alert.ts'
import { hmac } from './signature.ts'
import { vocabulary } from './vocabulary.ts'

/**
 * Grafana's contact point “webhook”: unified alerting, a list of alerts in Alertmanager's words, and the legacy
 * alerting before it, one rule a body. Nothing is sent again within a flush, so what we cannot take waits for
 * the next one.
 */
export const grafana = defineAdapter({
  expects: 'a Grafana webhook: an object with “alerts”, or the legacy one with “ruleId” and “state”',
  elements: (payload) => {
    if (!isFields(payload)) throw new WrongBody('It is not an object.')
    if (payload.version === '4') throw new WrongBody('It is Alertmanager’s own, version 4.')
    if (Array.isArray(payload.alerts)) return payload.alerts
    const isRule = 'ruleId' in payload || 'ruleName' in payload
    if ('evalMatches' in payload || (isRule && 'state' in payload)) return [payload]
    throw new WrongBody('It has neither “alerts” nor a legacy rule.')
  },
  readOne: (alert, circumstances, whole) =>
    'ruleId' in alert || 'ruleName' in alert || 'evalMatches' in alert
      ? readRule(alert, circumstances)
      : readUnified(alert, circumstances, whole),
  methods: ['POST', 'PUT'],
  signature: hmac({ header: 'x-grafana-alerting-signature', over: signedBytes }),
})

function readUnified(alert: Fields, circumstances: Circumstances, whole: Fields): Event | Unreadable {
  const labels = within(alert, 'labels')
  const word = firstText(alert, 'status') ?? firstText(whole, 'status')
  const event = readAlert({ ...alert, generatorURL: linkOf(alert, whole) }, circumstances, {
    resolved: word === 'resolved' || word === 'ok',
    groupKey: firstText(whole, 'groupKey'),
    title: firstText(whole, 'title'),
  })
  // What the button in the contact point sends; its group key is another each time.
  const isTest = labels.alertname === 'TestAlert' && labels.instance === 'Grafana'
  return isTest && event.kind !== 'unreadable' ? { ...event, kind: 'test', group_key: null } : event
}

/** The rule's page; Grafana 12 may write it relative to its own address. */
function linkOf(alert: Fields, whole: Fields): string | null {
  const own = firstText(alert, 'generatorURL', 'panelURL', 'dashboardURL')
  const base = firstText(whole, 'externalURL') ?? undefined
  return own && URL.canParse(own, base) ? new URL(own, base).href : null
}

const kindOfState = vocabulary<Event['kind']>({ ok: 'resolve', paused: 'note', pending: 'note' })

/** A rule stands for all of its series: only it says when they are well again. */
function readRule(rule: Fields, { receivedAt }: Circumstances): Event {
  const [match] = listAt(rule, 'evalMatches')
  const tags = { ...within(isFields(match) ? match : {}, 'tags'), ...within(rule, 'tags') }
  const state = firstText(rule, 'state') ?? 'alerting'
  const isTest =
    rule.ruleName === 'Test notification' &&
    String(rule.message).startsWith('Someone is testing the alert notification')
  const title = firstText(rule, 'ruleName', 'title')
  return composeEvent(
    {
      kind: isTest ? 'test' : (kindOfState(state) ?? 'trigger'),
      dedupKey: identity('rule', firstText(rule, 'ruleId') ?? title),
      severity: firstText(tags, 'severity'),
      title,
      resource: textAt(match, 'metric'),
      service: firstText(tags, 'service'),
      host: firstText(tags, 'instance', 'host', 'hostname'),
      labels: { ...tags, ...present({ alertname: firstText(rule, 'ruleName'), state }) },
      annotations: present({ description: firstText(rule, 'message') }),
      link: firstText(rule, 'ruleUrl'),
    },
    receivedAt,
  )
}

const REPLAY_SECONDS = 300

/**
 * The bytes, or where a header for the time is configured, under whatever name, `time:bytes`. A time that is
 * long past or ahead is not tried, so an old body cannot be sent again.
 */
function signedBytes(bytes: Buffer, { headers, receivedAt }: Circumstances): Buffer[] {
  const now = receivedAt.getTime() / 1000
  const times = Object.values(headers).filter(
    (value) => /^\d{10}$/.test(value) && Math.abs(Number(value) - now) <= REPLAY_SECONDS,
  )
  return [bytes, ...times.map((time) => Buffer.concat([Buffer.from(`${time}:`), bytes]))]
}
