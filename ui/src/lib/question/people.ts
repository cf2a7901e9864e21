import { api } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'

/** Where those are found with whom a question can be answered. */
export interface People {
  find: (q: string, field: string, signal: AbortSignal) => Promise<readonly Ref[]>
  named: (id: string, field: string) => Promise<Ref | undefined>
}

/** Everybody, as the desk knows them. */
export const deskPeople: People = {
  find: async (q, _field, signal) => (await api.get<List<Ref>>('/people', { q, limit: 8 }, signal)).items,
  named: (id) => api.get<Ref>(`/people/${id}`).catch(() => undefined),
}

/** Those whom an employee may name in the form of an item: names alone. */
export const peopleOfItem = (key: string): People => {
  const ask = async (query: Record<string, string>, signal?: AbortSignal) =>
    (await api.get<List<Ref>>(`/catalogue/${key}/people`, query, signal)).items
  return {
    find: (q, field, signal) => (q.length < 2 ? Promise.resolve([]) : ask({ field, q }, signal)),
    named: (id, field) =>
      ask({ field, id }).then(
        ([person]) => person,
        () => undefined,
      ),
  }
}
