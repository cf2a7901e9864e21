import { asOwner } from './database.ts'

/**
 * Moves the clock that decides, for this database only: `setClockOffset(ownerUrl, '4 hours')` makes it four
 * hours later than it is. Replaces the offset set before.
 */
export async function setClockOffset(ownerUrl: string, interval: string): Promise<void> {
  await asOwner(
    ownerUrl,
    `INSERT INTO clock_offset (shift) VALUES ($1) ON CONFLICT (only_row) DO UPDATE SET shift = excluded.shift`,
    [interval],
  )
}
