import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

type Found = { executablePath: string; env: Record<string, string> }

// Where `npm test` puts a Chromium from npm when the machine has none of its own.
const fetched = fileURLToPath(
  new URL('../../.runtime/chromium/node_modules/@sparticuz/chromium/', import.meta.url),
)

const loopbackOnly = ['--disable-background-networking', '--disable-component-update']

/** False on a machine without any Chromium: skip the test then, `describe.skipIf(!hasChromium())`. */
export function hasChromium(): boolean {
  return installed() !== undefined || existsSync(fetched)
}

/** A headless Chromium that talks to loopback and nothing else. */
export async function launchChromium(): Promise<Browser> {
  const path = installed()
  const { executablePath, env } = path ? { executablePath: path, env: {} } : unpackFetched()
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync'
      .split(' ')
      .concat(loopbackOnly),
  })
}

function installed(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' })
    if (status === 0) return stdout.trim()
  }
  return undefined
}

/** In a process of its own: unpacking sets library paths that must not reach anything but Chromium. */
function unpackFetched(): Found {
  const program = `
    const { default: chromium } = await import(${JSON.stringify(`${fetched}build/index.js`)})
    const executablePath = await chromium.executablePath()
    const { LD_LIBRARY_PATH, FONTCONFIG_PATH } = process.env
    process.stdout.write(JSON.stringify({ executablePath, env: { LD_LIBRARY_PATH, FONTCONFIG_PATH } }))`
  // It unpacks the libraries that it needs only where it believes to be on AWS Lambda.
  const env = { ...process.env, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' }),
  )
}
