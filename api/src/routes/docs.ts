import { readFile } from 'node:fs/promises'
import type { Resource } from '../context.ts'

const REFERENCE = new URL('./browser/standalone.js', import.meta.resolve('@scalar/api-reference'))

// Nothing that would call another host: no fonts, telemetry, assistants or hosted tools.
const LOOKS = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
}

// The reference draws its own styles; scripts and everything else come from here alone.
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'"

/** The OpenAPI document, and a page to read and try it, served whole from here. */
export const docsRoutes: Resource = (app) => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'tocsin.session_token',
  })
  const describe = () => ({
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version: '1',
      description:
        'The incident desk. Lists answer `{ items, next }`; pass `next` as `cursor`. Errors are RFC 9457 problems. `x-permission` names what each call needs.',
      license: { name: 'Apache-2.0' },
    },
    tags: [],
  })
  let document: object | undefined
  app.get('/api/v1/openapi.json', (c) =>
    c.json((document ??= withUploads(app.getOpenAPI31Document(describe())))),
  )
  app.get('/api/docs', (c) => {
    c.header('content-security-policy', POLICY)
    return c.html(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tocsin API</title><meta name="viewport" content="width=device-width"></head>
<body><script id="api-reference" data-url="/api/v1/openapi.json" data-configuration="${JSON.stringify(LOOKS).replaceAll('"', '&quot;')}"></script>
<script src="/api/docs/reference.js"></script></body></html>`,
    )
  })
  app.get('/api/docs/reference.js', async (c) => {
    c.header('cache-control', 'public, max-age=3600')
    return c.body(await readFile(REFERENCE), 200, {
      'content-type': 'text/javascript',
    })
  })
}

/** A body that the validator must not read stands beside its operation until here. */
function withUploads<D extends { paths?: object }>(document: D): D {
  for (const item of Object.values(document.paths ?? {}) as Record<string, Record<string, unknown>>[])
    for (const operation of Object.values(item)) {
      if (!('x-upload' in operation)) continue
      operation.requestBody = operation['x-upload']
      delete operation['x-upload']
    }
  return document
}
