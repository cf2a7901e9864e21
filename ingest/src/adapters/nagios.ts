import { defineAdapter, type Fields, firstText } from './adapter.ts'
import { readMacros } from './nagios-macros.ts'
import { isFromAgent, readFromAgent } from './pagerduty-agent.ts'
import { templateFields } from './template.ts'

// A macro that Nagios does not know stays as it was written.
const MACRO = /^\$[A-Z0-9_:]*\$$/

/** Nagios and its kin by a notification command with their macros, or through PagerDuty's agent. */
export const nagios = defineAdapter({
  expects:
    'Nagios’s macros by their names (HOSTNAME, SERVICEDESC, NOTIFICATIONTYPE, …), or PagerDuty’s agent',
  readOne: (body, circumstances) =>
    isFromAgent(body)
      ? readFromAgent(body, circumstances, (details) => {
          const host = firstText(details, 'HOSTNAME')
          const service = firstText(details, 'SERVICEDESC')
          const severity = firstText(details, 'SERVICESTATE', 'HOSTSTATE')
          return { severity, resource: service ?? host, service, host }
        })
      : readMacros(unprefixed(templateFields(MACRO, body, circumstances.query)), circumstances),
  methods: ['POST', 'PUT', 'GET'],
  secretFields: ['service_key'],
})

/** In the environment of a command its macros are called `NAGIOS_HOSTNAME` and so on. */
const unprefixed = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replace(/^nagios/, ''), value]))
