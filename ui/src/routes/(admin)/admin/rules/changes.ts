import type { Beside, Rule, RuleBody } from '#lib/admin/rules.ts'

/** What differs between two sets of rules. Values are as they are kept; `value` gives them words. */
export type Change =
  | { kind: 'added'; name: string }
  | { kind: 'removed'; name: string }
  | { kind: 'changed'; name: string; field: keyof Rule; from: unknown; to: unknown }
  | { kind: 'reordered'; names: string[] }
  | { kind: 'beside'; setting: keyof Beside; from: unknown; to: unknown }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What somebody changed from one set of rules to another, rule by rule. */
export function changesOf(from: RuleBody, to: RuleBody): Change[] {
  const before = new Map(from.rules.map((rule) => [rule.id, rule]))
  const after = new Map(to.rules.map((rule) => [rule.id, rule]))
  const common = to.rules.filter(({ id }) => before.has(id))
  const stayed = from.rules.filter(({ id }) => after.has(id))
  return [
    ...to.rules.filter(({ id }) => !before.has(id)).map(({ name }) => ({ kind: 'added' as const, name })),
    ...from.rules.filter(({ id }) => !after.has(id)).map(({ name }) => ({ kind: 'removed' as const, name })),
    ...common.flatMap((rule) => fieldsOf(before.get(rule.id)!, rule)),
    ...(same(
      common.map(({ id }) => id),
      stayed.map(({ id }) => id),
    )
      ? []
      : [{ kind: 'reordered' as const, names: to.rules.map(({ name }) => name) }]),
    ...(Object.keys(to.beside) as (keyof Beside)[])
      .filter((setting) => !same(from.beside[setting], to.beside[setting]))
      .map((setting) => ({
        kind: 'beside' as const,
        setting,
        from: from.beside[setting],
        to: to.beside[setting],
      })),
  ]
}

const fieldsOf = (from: Rule, to: Rule): Change[] =>
  (Object.keys(to) as (keyof Rule)[])
    .filter((field) => !same(from[field], to[field]))
    .map((field) => ({ kind: 'changed', name: to.name, field, from: from[field], to: to[field] }))
