/** [from, to). */
export interface Stretch {
  from: Date
  to: Date
}

/** Somebody of the team, as they stand at an instant. */
export interface Candidate {
  id: string
  /** Gets none by themself, whatever the rest says. */
  exempt: boolean
  /** Open tickets that they may hold; null: the team's cap. */
  cap: number | null
  /** Level by skill. */
  skills: Record<string, number>
  /** The absence that runs or comes next. */
  away: Stretch | null
  /** The working time that runs or comes next; null: none in sight. */
  shift: Stretch | null
  /** The end of the working time before, where more than a break lies between; null: none in sight. */
  shiftEnded: Date | null
  /** Open tickets that they hold, and the weight of those that do not wait for somebody else. */
  open: number
  load: number
}

export interface Terms {
  mode: 'round_robin' | 'least_loaded'
  cap: number | null
  /** Whoever got the last one. */
  last: string | null
}

export interface Waiting {
  id: string
  /** Level by skill. */
  needs: Record<string, number>
  weight: number
}

export type Refusal =
  | { code: 'exempt' }
  | { code: 'away'; until: Date }
  | { code: 'off_shift'; until: Date | null }
  | { code: 'skill'; skill: string; needs: number; has: number }
  | { code: 'full'; open: number; cap: number }

export interface Why {
  mode: Terms['mode']
  /** How many could have had it. */
  among: number
  /** What the chosen one held. */
  load?: number
  /** Who else could have had it, in the order of the ring, with what they held. */
  others?: { person: string; load: number }[]
  /** Why those left could not. */
  refused: ({ person: string } & Refusal)[]
}

export interface Choice {
  person: string | null
  why: Why
}

const holds = (stretch: Stretch | null, at: Date): boolean =>
  stretch !== null && stretch.from <= at && at < stretch.to

/** What keeps somebody from this ticket, the most lasting first; undefined: nothing does. */
export function refusalOf(
  { cap }: Pick<Terms, 'cap'>,
  one: Candidate,
  ticket: Pick<Waiting, 'needs'>,
  now: Date,
): Refusal | undefined {
  if (one.exempt) return { code: 'exempt' }
  for (const [skill, needs] of Object.entries(ticket.needs)) {
    const has = one.skills[skill] ?? 0
    if (has < needs) return { code: 'skill', skill, needs, has }
  }
  if (holds(one.away, now)) return { code: 'away', until: one.away!.to }
  if (!holds(one.shift, now)) return { code: 'off_shift', until: one.shift?.from ?? null }
  const most = one.cap ?? cap
  if (most !== null && one.open >= most) return { code: 'full', open: one.open, cap: most }
  return undefined
}

/**
 * Who gets a ticket. Everybody stands in a ring, by id. Round-robin: the first after the last one that can have it;
 * least-loaded: whoever's open work weighs least, of equals the first after the last one.
 */
export function chooseAssignee(
  terms: Terms,
  candidates: readonly Candidate[],
  ticket: Waiting,
  now: Date,
): Choice {
  const ring = ringAfter(candidates, terms.last)
  const refused: Why['refused'] = []
  const able = ring.filter((one) => {
    const refusal = refusalOf(terms, one, ticket, now)
    if (refusal) refused.push({ person: one.id, ...refusal })
    return !refusal
  })
  const chosen =
    terms.mode === 'round_robin'
      ? able[0]
      : able.reduce<Candidate | undefined>(
          (best, one) => (best && best.load <= one.load ? best : one),
          undefined,
        )
  const why = { mode: terms.mode, among: able.length, refused }
  if (!chosen) return { person: null, why }
  const others = able.filter((one) => one !== chosen).map(({ id, load }) => ({ person: id, load }))
  return { person: chosen.id, why: { ...why, load: chosen.load, others } }
}

function ringAfter(candidates: readonly Candidate[], last: string | null): Candidate[] {
  const inOrder = candidates.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const start = last === null ? 0 : inOrder.findIndex(({ id }) => id > last)
  return start <= 0 ? inOrder : [...inOrder.slice(start), ...inOrder.slice(0, start)]
}

/** Hands tickets out one after the other: each counts for whoever got those before it. */
export function handOut(
  terms: Terms,
  candidates: readonly Candidate[],
  tickets: readonly Waiting[],
  now: Date,
): { choices: (Choice & { ticket: Waiting })[]; last: string | null } {
  let last = terms.last
  const held = new Map(candidates.map((one) => [one.id, { ...one }]))
  const choices = tickets.map((ticket) => {
    const choice = chooseAssignee({ ...terms, last }, [...held.values()], ticket, now)
    if (choice.person) {
      const one = held.get(choice.person)!
      one.open += 1
      one.load += ticket.weight
      last = choice.person
    }
    return { ...choice, ticket }
  })
  return { choices, last }
}

export type HandBack = { code: 'away' | 'shift_ended'; at: Date }

/**
 * Whether somebody's ticket goes back to the queue: they went away, or their working time ended, after they got
 * it. What was given to somebody already off is a person's decision and stays.
 */
export function decideHandBack(
  { away, shift, shiftEnded }: Candidate,
  assignedAt: Date,
  now: Date,
): HandBack | null {
  if (holds(away, now) && assignedAt < away!.from) return { code: 'away', at: away!.from }
  if (!holds(shift, now) && shiftEnded && assignedAt < shiftEnded)
    return { code: 'shift_ended', at: shiftEnded }
  return null
}

/** The next instant at which an answer may change by time alone: somebody comes, goes or is back. */
export function nextChange(candidates: readonly Candidate[], now: Date): Date | null {
  const instants = candidates
    .flatMap(({ away, shift }) => [away, shift].flatMap((one) => (one ? [one.from, one.to] : [])))
    .filter((instant) => instant > now)
  return instants.toSorted((a, b) => +a - +b)[0] ?? null
}
