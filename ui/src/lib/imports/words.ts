import { m } from '#lib/paraglide/messages.js'
import type { ImportState } from './types.ts'

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
