import { defineEnvVars } from '@sveltejs/kit/env'
import { z } from 'zod'

export const variables = defineEnvVars({
  TOCSIN_API_URL: {
    schema: z.url().default('http://127.0.0.1:3100'),
    description: 'Where the API process listens; /api/* is streamed there.',
  },
  TOCSIN_PUBLIC_URL: {
    schema: z.url().optional(),
    description: 'The address people type; accepted as an origin besides the Host header.',
  },
  TOCSIN_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    description: 'The least level that is logged.',
  },
})
