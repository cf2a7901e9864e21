import { contentTypeOf, SHOWABLE } from './name.ts'

export type Preview = 'image' | 'text'

const MOST_IMAGE = 15 * 1024 * 1024
const MOST_TEXT = 512 * 1024
const TEXT_TYPES = new Set([
  'text/plain',
  'text/csv',
  'text/markdown',
  'text/tab-separated-values',
  'text/x-log',
  'application/json',
  'application/yaml',
])
/** Where a sender did not know the type. */
const TEXT_NAMES = /\.(txt|log|csv|tsv|md|json|ya?ml|conf|cfg|ini)$/i

/**
 * How a file may be looked at in a page, by what is known of it: a raster image, or plain words. A PDF may not: what keeps its
 * scripts from running, a sandbox, keeps browsers from showing it at all.
 */
export function previewOf(file: { name: string; content_type: string; size: number }): Preview | null {
  if (file.size === 0) return null
  if (SHOWABLE.has(file.content_type)) return file.size <= MOST_IMAGE ? 'image' : null
  const unknown = file.content_type === 'application/octet-stream' && TEXT_NAMES.test(file.name)
  return (unknown || TEXT_TYPES.has(file.content_type)) && file.size <= MOST_TEXT ? 'text' : null
}

/** The same by the bytes that it begins with, whoever wrote down its type: asked again each time that it is shown. */
export function showsAs(preview: Preview, file: { content_type: string }, head: Buffer): boolean {
  if (preview === 'image') return contentTypeOf(head, '') === file.content_type
  if (head.includes(0)) return false
  try {
    // The last character may be cut in two.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
