import { expect, it } from 'vitest'
import { findSystems } from './find-systems.ts'

const systems = [
  { system: 'uptime_kuma', name: 'Uptime Kuma' },
  { system: 'events', name: 'Tocsin events' },
  { system: 'aws_sns_cloudwatch', name: 'Amazon CloudWatch (SNS)' },
]
const found = (words: string) => findSystems(systems, words, 'en').map(({ system }) => system)

it('finds by name or key, whatever the spaces, case and marks, in the order of names', () => {
  expect(found('')).toEqual(['aws_sns_cloudwatch', 'events', 'uptime_kuma'])
  expect(found('UptimeK')).toEqual(['uptime_kuma'])
  expect(found('cloud watch')).toEqual(['aws_sns_cloudwatch'])
  expect(found('aws-sns')).toEqual(['aws_sns_cloudwatch'])
  expect(found('grafana')).toEqual([])
})
