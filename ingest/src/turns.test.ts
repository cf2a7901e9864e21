import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Turn, turns } from './turns.ts'

/** A door at which requests come and go by hand: who is let in, in order. */
function door() {
  let now = 0
  const { came, enter } = turns(() => now)
  const inside: string[] = []
  const late: string[] = []
  const patient: string[] = []
  const leaving = new Map<string, Turn['leave']>()
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return {
    inside,
    late,
    patient,
    pass: (ms: number) => (now += ms),
    come: async (id: string, name: string, bytes = 100) => {
      came(id)
      const asked = enter(id, bytes)
      const begun = (turn: Turn | 'late') => {
        if (turn === 'late') return void late.push(name)
        inside.push(name)
        if (turn.patient) patient.push(name)
        leaving.set(name, turn.leave)
      }
      if (asked instanceof Promise) void asked.then(begun)
      else begun(asked)
      await settled()
    },
    go: async (name: string) => {
      inside.splice(inside.indexOf(name), 1)
      leaving.get(name)!()
      await settled()
    },
  }
}
const names = (name: string, many: number) => Array.from({ length: many }, (_, n) => `${name}${n}`)

test('alone at the door, one has all of it', async () => {
  const at = door()
  for (const name of names('flood', 50)) await at.come('flood', name, 1_000_000)
  expect(at.inside).toHaveLength(50)
})

test('beside another, a flood comes in a few at a time and in its order; the other never waits for it', async () => {
  const at = door()
  await at.come('quiet', 'quiet0')
  for (const name of names('flood', 50)) await at.come('flood', name)
  expect(at.inside).toEqual(['quiet0', ...names('flood', 8)])
  await at.come('quiet', 'quiet1')
  expect(at.inside.at(-1)).toBe('quiet1')
  await at.go('flood3')
  await at.go('quiet0')
  expect(at.inside.slice(-2)).toEqual(['quiet1', 'flood8'])
  at.pass(1_001)
  await at.go('flood0')
  // The quiet one is gone: the rest has waited for too long to be of use.
  expect(at.late).toEqual(names('flood', 50).slice(9))
})

test('a flood is patient while another is there, also what of it came before; the other never is', async () => {
  const at = door()
  for (const name of names('flood', 100)) await at.come('flood', name)
  expect(at.patient).toEqual([])
  for (const name of names('flood', 95)) await at.go(name)
  await at.come('quiet', 'quiet')
  for (const name of names('more', 10)) await at.come('flood', name)
  expect(at.patient).toEqual(names('more', 3))
  await at.go('flood95')
  expect(at.patient).toEqual(names('more', 4))
  at.pass(1_000)
  await at.go('flood96')
  expect(at.inside.at(-1)).toBe('more9')
  expect(at.patient).toEqual(names('more', 4))
})

test('large bodies come one at a time, and many small ones beside them', async () => {
  const at = door()
  await at.come('quiet', 'quiet')
  for (const name of names('large', 3)) await at.come('flood', name, 1_000_000)
  expect(at.inside).toEqual(['quiet', 'large0'])
  await at.go('large0')
  expect(at.inside).toEqual(['quiet', 'large1'])
  await at.come('other', 'other', 1_000_000)
  expect(at.inside).toEqual(['quiet', 'large1', 'other'])
})

test('whoever comes is let in or told, in order, and no line has more than its share while it is shared', async () => {
  const step = fc.record({ id: fc.constantFrom('a', 'b', 'c'), leaves: fc.boolean(), ms: fc.nat(400) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const at = door()
      const came: string[] = []
      const seen = new Map<string, number>()
      let now = 0
      for (const [n, { id, leaves, ms }] of steps.entries()) {
        now += ms
        at.pass(ms)
        if (leaves && at.inside.length > 0) await at.go(at.inside[0]!)
        else {
          const before = at.inside.filter((one) => one.startsWith(id)).length
          const shared = [...seen].some(([other, last]) => other !== id && now - last < 1_000)
          seen.set(id, now)
          came.push(`${id}${n}`)
          await at.come(id, `${id}${n}`)
          const after = at.inside.filter((one) => one.startsWith(id)).length
          if (shared && before >= 8) expect(after).toBe(before)
          if (before === 0) expect(after).toBe(1)
        }
      }
      for (const id of ['a', 'b', 'c']) {
        const mine = at.inside.filter((one) => one.startsWith(id))
        expect(mine).toEqual(came.filter((one) => mine.includes(one)))
      }
      while (at.inside.length > 0) await at.go(at.inside[0]!)
      expect(at.inside).toEqual([])
    }),
    { numRuns: 60 },
  )
})
