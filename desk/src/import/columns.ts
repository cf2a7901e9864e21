import type { Source } from './mapping.ts'

export type Cells = string[]
/** A value of a row; null where the cell is empty or says that nothing is known. */
export type Read = (cells: Cells) => string | null

/** Finds what a mapping names among the columns of one file, without regard to case, and remembers what it found. */
export class Columns {
  readonly #names: string[]
  readonly #missing: ReadonlySet<string>
  readonly #used = new Set<number>()

  constructor(header: string[], missing: string[]) {
    this.#names = header.map((name) => name.trim().toLowerCase())
    this.#missing = new Set(['', ...missing.map((word) => word.toLowerCase())])
  }

  /** The places of the first of these that the file has: several, where a name stands on several. */
  places(columns: string | string[], into?: Set<number>): number[] {
    for (const column of [columns].flat()) {
      const found = this.everywhere(column, into)
      if (found.length > 0) return found
    }
    return []
  }

  /** The places of all of these. */
  everywhere(columns: string | string[] = [], into?: Set<number>): number[] {
    const wanted = new Set([columns].flat().map((name) => name.toLowerCase()))
    const found = this.#names.flatMap((name, place) => (wanted.has(name) ? [place] : []))
    for (const place of found) {
      this.#used.add(place)
      into?.add(place)
    }
    return found
  }

  /** Undefined where the file has none of the columns: only what a ticket cannot be without is then an error. */
  reader(source: Source | undefined, into?: Set<number>): Read | undefined {
    if (source === undefined) return undefined
    if (Array.isArray(source)) {
      for (const one of source) {
        const read = this.reader(one, into)
        if (read) return read
      }
      return undefined
    }
    if (typeof source === 'string') {
      const places = this.places(source, into)
      return places.length > 0 ? this.#cell(places) : undefined
    }
    if ('value' in source) return () => source.value
    const places = source.join.map((columns) => this.places(columns, into))
    if (places.some((some) => some.length === 0)) return undefined
    const parts = places.map((some) => this.#cell(some))
    return (cells) => {
      const texts = parts.map((read) => read(cells))
      const said = texts.filter((text) => text !== null)
      const enough = source.partly ? said.length > 0 : said.length === texts.length
      return enough ? said.join(source.with) : null
    }
  }

  /** Of several columns of one name, what they say, a line each. */
  #cell(places: number[]): Read {
    const at = (cells: Cells, place: number) => {
      const text = cells[place]!.trim()
      return this.#missing.has(text.toLowerCase()) ? null : text
    }
    const [first] = places as [number]
    if (places.length === 1) return (cells) => at(cells, first)
    return (cells) => {
      const said = new Set(places.map((place) => at(cells, place)).filter((text) => text !== null))
      return said.size > 0 ? [...said].join('\n') : null
    }
  }

  /** Names of columns that nothing reads. */
  unused(header: string[]): string[] {
    return header.filter((name, place) => name !== '' && !this.#used.has(place))
  }
}
