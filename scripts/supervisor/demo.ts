import { existsSync } from 'node:fs'
import { Client } from 'pg'
import type { Logger } from '@tocsin/db/process/log'

export type SeedDemo = (options: {
  ownerUrl: string
  dataFolder: string
  appUrl: string
  ingestUrl: string
  secret: string
  log: Logger
}) => Promise<void>

const demo = new URL('../../db/src/demo/index.ts', import.meta.url)

/** Loads the demo organisation when nobody is in the record yet, so a first start shows a desk at work. */
export async function loadDemoIfEmpty(options: Parameters<SeedDemo>[0]): Promise<void> {
  if (!existsSync(demo) || (await anyoneIn(options.ownerUrl))) return
  const { seedDemo }: { seedDemo: SeedDemo } = await import(demo.href)
  await seedDemo(options)
}

async function anyoneIn(ownerUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return (await client.query('SELECT FROM person LIMIT 1')).rowCount !== 0
  } finally {
    await client.end()
  }
}
