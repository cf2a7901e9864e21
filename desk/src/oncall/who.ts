import type { OnCall, OnCallWhy, Override, ScheduleVersion, Shift } from './schedule.ts'
import { turnAt, turnBegins } from './turns.ts'

/** Who answers at this instant, and why them; undefined where the schedule leaves nobody. */
export function whoIsOn(versions: ScheduleVersion[], overrides: Override[], at: Date): OnCall | undefined {
  const rota = byRotation(inForce(versions, at), at)
  const override = overrides
    .filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt)
    .reduce<Override | undefined>(
      (newest, each) => (newest && isNewer(newest, each) ? newest : each),
      undefined,
    )
  if (!override) return rota
  const why: OnCallWhy = {
    schedule_id: override.scheduleId,
    version: rota?.why.version ?? null,
    rotation: rota?.why.rotation ?? null,
    override_id: override.id,
    instead_of: rota?.personId ?? null,
  }
  return { personId: override.personId, why }
}

/**
 * The final shifts between two instants, cut at both, in order. Where nobody is on there is no shift.
 * They are derived from `whoIsOn` at every instant at which it may change, so the two cannot disagree.
 */
export function shiftsOf(versions: ScheduleVersion[], overrides: Override[], from: Date, to: Date): Shift[] {
  const shifts: Shift[] = []
  const instants = changes(versions, overrides, from.getTime(), to.getTime())
  for (const [index, start] of instants.entries()) {
    const on = whoIsOn(versions, overrides, new Date(start))
    const until = new Date(instants[index + 1] ?? to)
    const last = shifts.at(-1)
    if (!on) continue
    if (last && last.to.getTime() === start && sameDuty(last, on)) last.to = until
    else shifts.push({ ...on, from: new Date(start), to: until })
  }
  return shifts
}

export function inForce(versions: ScheduleVersion[], at: Date): ScheduleVersion | undefined {
  return versions
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .reduce<ScheduleVersion | undefined>(
      (newest, each) => (newest && newest.version > each.version ? newest : each),
      undefined,
    )
}

function byRotation(version: ScheduleVersion | undefined, at: Date): OnCall | undefined {
  if (!version) return undefined
  for (const [index, rotation] of [...version.rotations.entries()].toReversed()) {
    if (rotation.people.length === 0) continue
    const turn = turnAt(rotation, version.zone, at.getTime())
    if (turn === undefined) continue
    const position = turn % rotation.people.length
    return {
      personId: rotation.people[position]!,
      why: {
        schedule_id: version.scheduleId,
        version: version.version,
        rotation: { index, name: rotation.name, position, turn },
        override_id: null,
        instead_of: null,
      },
    }
  }
  return undefined
}

/** Every instant in [from, to) at which the answer may change, `from` first. */
function changes(versions: ScheduleVersion[], overrides: Override[], from: number, to: number): number[] {
  const instants = new Set([from])
  const note = (instant: number) => {
    if (instant > from && instant < to) instants.add(instant)
  }
  for (const { startsAt, endsAt } of overrides) {
    note(startsAt.getTime())
    note(endsAt.getTime())
  }
  for (const { effectiveFrom, rotations, zone } of versions) {
    note(effectiveFrom.getTime())
    for (const rotation of rotations) {
      if (rotation.people.length === 0) continue
      const first = turnAt(rotation, zone, Math.max(from, effectiveFrom.getTime())) ?? 0
      for (let turn = first; ; turn++) {
        const begins = turnBegins(rotation, zone, turn)
        if (begins >= to) break
        note(begins)
      }
    }
  }
  return [...instants].toSorted((a, b) => a - b)
}

const isNewer = (a: Override, b: Override) =>
  a.createdAt > b.createdAt || (a.createdAt.getTime() === b.createdAt.getTime() && a.id > b.id)

const sameDuty = (a: OnCall, b: OnCall) =>
  a.personId === b.personId &&
  a.why.override_id === b.why.override_id &&
  a.why.version === b.why.version &&
  // Under one override, the turns that it covers are one shift.
  (a.why.override_id !== null ||
    (a.why.rotation?.index === b.why.rotation?.index && a.why.rotation?.turn === b.why.rotation?.turn))
