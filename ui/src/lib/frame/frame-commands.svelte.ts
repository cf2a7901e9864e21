import CirclePlus from '@lucide/svelte/icons/circle-plus'
import Keyboard from '@lucide/svelte/icons/keyboard'
import ListStart from '@lucide/svelte/icons/list-start'
import LogOut from '@lucide/svelte/icons/log-out'
import MessageSquareText from '@lucide/svelte/icons/message-square-text'
import SunMoon from '@lucide/svelte/icons/sun-moon'
import Undo from '@lucide/svelte/icons/undo-2'
import Zap from '@lucide/svelte/icons/zap'
import { goto } from '$app/navigation'
import { type Command, offer } from '#lib/keyboard/commands.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { openNext } from '#lib/ticket/open-next.ts'
import type { Destination } from './destinations.ts'
import { overlays } from './overlays.svelte.ts'
import { signOut } from './sign-out.ts'
import { theme } from './theme.svelte.ts'
import { toasts } from './toasts.svelte.ts'

/** What can be done on every page of the frame. */
export function offerFrameCommands(destinations: () => readonly Destination[]): void {
  offer(() => {
    const places: Command[] = destinations().map(({ href, label, icon, keys }) => ({
      id: href,
      label,
      section: 'go',
      keys,
      icon,
      run: () => goto(href),
    }))
    const worker = destinations().some(({ href }) => href === '/tickets')
    const create: Command[] = worker
      ? [
          {
            id: 'new-ticket',
            label: m.frame_new_ticket(),
            section: 'go',
            keys: 'c',
            icon: CirclePlus,
            run: () => goto('/tickets/new'),
          },
          {
            id: 'canned',
            label: m.canned_replies(),
            section: 'go',
            icon: MessageSquareText,
            run: () => goto('/canned-replies'),
          },
          { id: 'macros', label: m.macros(), section: 'go', icon: Zap, run: () => goto('/macros') },
          { id: 'next', label: m.next(), section: 'go', keys: 'g n', icon: ListStart, run: openNext },
        ]
      : []
    return [
      ...places,
      ...create,
      {
        id: 'search',
        label: m.common_search(),
        section: 'me',
        keys: '/',
        keyOnly: true,
        run: () => overlays.search(),
      },
      { id: 'keys', label: m.frame_keys(), section: 'me', keys: '?', icon: Keyboard, run: openKeys },
      {
        id: 'undo',
        label: m.common_undo(),
        section: 'me',
        keys: 'z',
        icon: Undo,
        run: () => toasts.undoLast(),
      },
      ...theme.choices.map((choice): Command => ({
        id: `theme-${choice.value}`,
        label: `${m.frame_theme()}: ${choice.label}`,
        section: 'me',
        icon: SunMoon,
        run: () => theme.choose(choice.value),
      })),
      { id: 'sign-out', label: m.frame_sign_out(), section: 'me', icon: LogOut, run: signOut },
    ]
  })
}

const openKeys = () => (overlays.keys = true)
