import { defineConfig } from 'vitest/config'

const shared = {
  // Forks: the embedded ClickHouse crashes in worker threads.
  pool: 'forks',
  globalSetup: './test/harness/postgres.ts',
} as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          // Oracles count minute by minute, and the machine may be busy.
          testTimeout: 30_000,
          include: ['{db,desk,ingest,api,analytics,scripts}/**/*.test.{ts,mjs}', 'ui/src/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['test/{promises,conformance}/**/*.test.ts'],
          // Node reads our code as it is, and one process runs a file after the other: each has a database of its own,
          // and to load the desk anew for each took a third of the time.
          isolate: false,
          experimental: { viteModuleRunner: false, nodeLoader: false },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          globalSetup: './test/harness/browser-desk.ts',
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 10_000 } },
          // One Chromium at a time: two beside the whole desk starve each other on two cores.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
