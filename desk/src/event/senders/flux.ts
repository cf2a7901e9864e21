import type { Sender } from '../sender.ts'

export const flux: Sender = {
  name: 'Flux',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'tocsin.yaml',
      language: 'yaml',
      text: `apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: tocsin
  namespace: flux-system
spec:
  type: generic # generic-hmac with a secretRef, to sign
  address: ${url}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: tocsin
  namespace: flux-system
spec:
  providerRef:
    name: tocsin
  eventSeverity: info # without it, nothing tells of recovery
  eventMetadata:
    cluster: production
  eventSources:
    - kind: Kustomization
      name: '*'
    - kind: HelmRelease
      name: '*'
`,
    },
  ],
}
