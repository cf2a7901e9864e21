import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

// A previous Tocsin that was killed needs a moment until its processes have noticed and let go.
const patienceMs = 5_000

/** Throws, in words for whoever typed `npm start`, when the port cannot be listened on. */
export async function claimable(host: string, port: number, variable: string): Promise<void> {
  const end = performance.now() + patienceMs
  for (;;) {
    const code = await tryListening(host, port)
    if (code === undefined) return
    if (code !== 'EADDRINUSE' || performance.now() > end)
      throw new Error(complaint(code, host, port, variable))
    await pause(200)
  }
}

function tryListening(host: string, port: number): Promise<string | undefined> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
}

function complaint(code: string, host: string, port: number, variable: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Choose another: ${variable}=${port + 10} npm start`
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this user has. Choose another: ${variable}=${port + 8000} npm start`
  return `Cannot listen on ${host}:${port} (${code}). Check TOCSIN_HOST and ${variable}.`
}
