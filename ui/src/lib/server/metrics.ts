import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export const registry = new Registry()
// The usual 10 ms would wake an idle process a hundred times a second.
collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })

export const requestSeconds = new Histogram({
  name: 'tocsin_ui_request_seconds',
  help: 'Time until the first byte of an answer, by route and status.',
  labelNames: ['route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
})

export const apiUnreachable = new Counter({
  name: 'tocsin_ui_api_unreachable_total',
  help: 'Requests that found no API process to answer them.',
  registers: [registry],
})
