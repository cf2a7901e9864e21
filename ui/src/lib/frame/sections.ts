import type { Command } from '#lib/keyboard/commands.svelte.ts'
import { m } from '#lib/paraglide/messages.js'

/** The groups of commands in the order in which they are shown. */
export const sections = (): { id: Command['section']; label: string }[] => [
  { id: 'ticket', label: m.frame_keys_ticket() },
  { id: 'here', label: m.frame_keys_here() },
  { id: 'list', label: m.frame_keys_list() },
  { id: 'go', label: m.frame_keys_go() },
  { id: 'me', label: m.frame_keys_me() },
]
