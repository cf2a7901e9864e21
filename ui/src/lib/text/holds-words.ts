const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Whether a text holds every word that was typed, accents and capitals aside. */
export function holdsWords(typed: string): (text: string) => boolean {
  const wanted = plain(typed).split(/\s+/).filter(Boolean)
  return (text) => {
    const said = plain(text)
    return wanted.every((word) => said.includes(word))
  }
}
