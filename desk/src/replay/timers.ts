/** Due times by name, the earliest first. Setting one anew replaces it. */
export class Timers {
  readonly #due = new Map<string, number>()
  readonly #heap: { name: string; at: number }[] = []

  set(name: string, at: number | null): void {
    if (at === null) {
      this.#due.delete(name)
      return
    }
    if (this.#due.get(name) === at) return
    this.#due.set(name, at)
    this.#push({ name, at })
  }

  get(name: string): number | undefined {
    return this.#due.get(name)
  }

  /** Nothing due before this instant is asked for by `before` any more; a name keeps its due time. */
  pass(until: number): void {
    while (this.#heap[0] && this.#heap[0].at < until) this.#pop()
  }

  /** Takes every timer due before `until` that is not kept back, the earliest first. */
  *before(
    until: number,
    waits: (name: string, at: number) => boolean,
  ): Generator<{ name: string; at: number }> {
    const kept: { name: string; at: number }[] = []
    try {
      for (let top = this.#heap[0]; top && top.at < until; top = this.#heap[0]) {
        this.#pop()
        if (this.#due.get(top.name) !== top.at) continue
        if (waits(top.name, top.at)) {
          kept.push(top)
          continue
        }
        this.#due.delete(top.name)
        yield top
      }
    } finally {
      for (const one of kept) this.#push(one)
    }
  }

  #push(one: { name: string; at: number }): void {
    const heap = this.#heap
    heap.push(one)
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.at <= one.at) break
      heap[at] = heap[parent]!
      heap[parent] = one
      at = parent
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
      if (heap[child]!.at >= last.at) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}
