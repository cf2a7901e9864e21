import type { Ref } from '#lib/api/types.ts'
import { holdsWords } from '#lib/text/holds-words.ts'
import { type Label, labelText } from '#lib/text/label.ts'

/** A category in the order of the tree: after what it stands beneath. */
export interface Category {
  id: string
  key: string
  name: Label
  parent_id: string | null
  /** Ids from the top of the tree down to this one. */
  path: string[]
  team: Ref | null
  position: number
  archived: boolean
  revision: number
}

/** "Hardware › Laptop": a category with what it stands beneath; empty when it is not among these. */
export function pathWords(id: string, categories: readonly Category[]): string {
  const category = categories.find((one) => one.id === id)
  const names = category?.path.map((step) => labelText(categories.find((one) => one.id === step)?.name))
  return names?.filter(Boolean).join(' › ') ?? ''
}

/** What a category can stand beneath: anything but itself and what stands beneath it. */
export const placesFor = (id: string | undefined, categories: readonly Category[]): Category[] =>
  categories.filter(({ path, archived }) => !archived && (!id || !path.includes(id)))

/** Those whose path holds every word that was typed, accents aside. */
export function findCategories(
  typed: string,
  categories: readonly Category[],
): { id: string; words: string }[] {
  const holds = holdsWords(typed)
  return categories
    .map(({ id }) => ({ id, words: pathWords(id, categories) }))
    .filter(({ words }) => holds(words))
}
