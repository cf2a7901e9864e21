/**
 * The key of a form as it is filled in, which the desk does once: sent again unchanged, after an answer was lost, it is the
 * same; corrected, it is another.
 */
export const formKey = (form: string, body: unknown): string => `${form}:${digest(JSON.stringify(body))}`

/** FNV-1a in two halves: nobody attacks it, and pages that came by http have no better. */
function digest(text: string): string {
  const halves = [0x811c9dc5, 0x1000193].map((seed) => {
    let hash = seed
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    return (hash >>> 0).toString(16).padStart(8, '0')
  })
  return halves.join('')
}
