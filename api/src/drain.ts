/** As much as the pages let through: beyond it nobody is waited for. */
const MOST = 512 * 1024 * 1024
/** Whoever sends nothing for so long, though the end is still to come, is answered. */
const PATIENCE_MS = 1_000

/** Reads on what is refused and lets it go, to its end: who is cut off while sending never reads why. */
export async function drain(source: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    for (let size = 0; size <= MOST;) {
      // oxlint-disable-next-line no-await-in-loop -- a stream comes piece by piece
      const piece = await soon(source.next())
      if (!piece || piece.done) return
      size += piece.value.length
    }
  } catch {
    // Whoever sent it went away.
  }
}

async function soon<T>(coming: Promise<T>): Promise<T | null> {
  coming.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS)
  })
  try {
    return await Promise.race([coming, silence])
  } finally {
    clearTimeout(timer)
  }
}
