/** As much as the pages let through: beyond it nobody is waited for. */
const MOST = 512 * 1024 * 1024

/** Reads on what is refused and lets it go, to its end: who is cut off while sending never reads why. */
export async function drain(source: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    for (let size = 0; size <= MOST;) {
      // oxlint-disable-next-line no-await-in-loop -- a stream comes piece by piece
      const { done, value } = await source.next()
      if (done) return
      size += value.length
    }
  } catch {
    // Whoever sent it went away.
  }
}
