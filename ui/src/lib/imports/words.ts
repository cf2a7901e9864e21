import { m } from '#lib/paraglide/messages.js'
import type { FileForm, ImportState } from './types.ts'

export const stateWords: Record<ImportState, () => string> = {
  mapping: m.imports_state_mapping,
  checking: m.imports_state_checking,
  checked: m.imports_state_checked,
  running: m.imports_state_running,
  done: m.imports_state_done,
  cancelled: m.imports_state_cancelled,
}

export const newNames: Record<string, (input: { count: number }) => string> = {
  person: m.imports_name_person,
  team: m.imports_name_team,
  service: m.imports_name_service,
  item: m.imports_name_item,
  category: m.imports_name_category,
}

export const momentWords: Record<string, (() => string) | undefined> = {
  open: m.imports_verb_open,
  start: m.imports_verb_start,
  pend: m.imports_verb_pend,
  resolve: m.imports_verb_resolve,
  close: m.imports_verb_close,
  cancel: m.imports_verb_cancel,
  reopen: m.imports_verb_reopen,
  assign: m.imports_verb_assign,
  edit: m.imports_verb_edit,
  note: m.imports_verb_note,
}

const DELIMITERS: Record<string, (() => string) | undefined> = {
  ',': m.imports_delimiter_comma,
  ';': m.imports_delimiter_semicolon,
  '\t': m.imports_delimiter_tab,
  '|': m.imports_delimiter_bar,
}
const ENCODINGS: Record<string, string | undefined> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
}

/** How the file was read. */
export function formWords({ encoding, delimiter, header }: FileForm): string {
  const read = m.imports_read_as({
    encoding: ENCODINGS[encoding] ?? encoding,
    delimiter: DELIMITERS[delimiter]?.() ?? delimiter,
  })
  return header ? read : `${read}, ${m.imports_no_header()}`
}
