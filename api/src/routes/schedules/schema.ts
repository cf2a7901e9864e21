import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import type { OnCallWhy, Shift as FinalShift } from '@tocsin/desk'
import { Id, Instant } from '../../route.ts'

export const Named = z.object({ id: Id, name: z.string() })

/** Bounds beyond these shapes are the desk's, which names each field that is wrong. */
export const Rotation = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    every: z.enum(['day', 'week']),
    length: z.number().int().openapi({ description: 'days or weeks between two handoffs' }),
    starts_on: z.string().openapi({ example: '2026-01-05', description: 'date of the first handoff' }),
    handoff: z.string().openapi({ example: '09:00', description: 'wall time in the schedule’s zone' }),
    people: z.array(Id).openapi({ description: 'in the order of their turns' }),
  })
  .openapi('Rotation')

export const Rota = z.strictObject({
  zone: z.string().max(60).openapi({ example: 'Europe/Rome' }),
  rotations: z
    .array(Rotation)
    .openapi({ description: 'layers: the last one that has begun decides; overrides lie over all of them' }),
})

export const Why = z
  .object({
    version: z.number().nullable(),
    rotation: z
      .object({ index: z.number(), name: z.string(), position: z.number(), turn: z.number() })
      .nullable(),
    override_id: Id.nullable(),
    instead_of: Named.nullable(),
  })
  .openapi('OnCallWhy')

export const Shift = z
  .object({ person: Named, from: Instant, to: Instant, why: Why })
  .openapi('Shift', { description: 'who is on, from when until when, and why them' })

type ShiftJson = z.infer<typeof Shift>

/** Looks up the names of these people, archived ones included: what was, stays readable. */
export async function namesOf(
  db: Db,
  ids: (string | null)[],
): Promise<(id: string) => z.infer<typeof Named>> {
  const known = [...new Set(ids)].filter((id) => id !== null)
  const rows =
    known.length === 0
      ? []
      : await db.selectFrom('person').select(['id', 'name']).where('id', 'in', known).execute()
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (id) => ({ id, name: names.get(id) ?? '' })
}

export async function showShifts(db: Db, shifts: FinalShift[]): Promise<ShiftJson[]> {
  const named = await namesOf(
    db,
    shifts.flatMap((shift) => [shift.personId, shift.why.instead_of]),
  )
  return shifts.map((shift) => ({
    person: named(shift.personId),
    from: shift.from.toISOString(),
    to: shift.to.toISOString(),
    why: showWhy(shift.why, named),
  }))
}

const showWhy = (why: OnCallWhy, named: (id: string) => z.infer<typeof Named>): z.infer<typeof Why> => ({
  version: why.version,
  rotation: why.rotation,
  override_id: why.override_id,
  instead_of: why.instead_of ? named(why.instead_of) : null,
})
