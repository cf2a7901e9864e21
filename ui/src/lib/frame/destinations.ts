import Activity from '@lucide/svelte/icons/activity'
import BookMarked from '@lucide/svelte/icons/book-marked'
import AlarmClock from '@lucide/svelte/icons/alarm-clock'
import Bell from '@lucide/svelte/icons/bell'
import BellOff from '@lucide/svelte/icons/bell-off'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import ChartSpline from '@lucide/svelte/icons/chart-spline'
import CirclePlus from '@lucide/svelte/icons/circle-plus'
import House from '@lucide/svelte/icons/house'
import Inbox from '@lucide/svelte/icons/inbox'
import LifeBuoy from '@lucide/svelte/icons/life-buoy'
import ListChecks from '@lucide/svelte/icons/list-checks'
import PhoneCall from '@lucide/svelte/icons/phone-call'
import Stamp from '@lucide/svelte/icons/stamp'
import Settings from '@lucide/svelte/icons/settings-2'
import type { Component } from 'svelte'
import { administers } from '#lib/admin/access.ts'
import type { Me } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'

export interface Destination {
  href: string
  label: string
  icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>
  keys: string
  /** A bottom tab on the phone. */
  tab: boolean
}

/** Whether somebody works at the desk at all, in whatever role. */
export const worksHere = (me: Me): boolean => me.administrator || me.roles.length > 0

/** Where this person can go, in the order of the rail. An employee sees the portal's places only. */
export function destinationsOf(me: Me): Destination[] {
  if (!worksHere(me)) {
    return [
      { href: '/portal', label: m.frame_portal_home(), icon: House, keys: 'g h', tab: true },
      { href: '/portal/requests', label: m.frame_my_requests(), icon: ListChecks, keys: 'g m', tab: true },
      { href: '/portal/new', label: m.frame_new_request(), icon: CirclePlus, keys: 'g n', tab: true },
      { href: '/portal/approvals', label: m.approvals_mine(), icon: Stamp, keys: 'g v', tab: true },
    ]
  }
  const all: (Destination & { open: boolean })[] = [
    {
      href: '/live',
      label: m.frame_live(),
      icon: Activity,
      keys: 'g l',
      tab: true,
      open: me.capabilities.includes('insight.read'),
    },
    { href: '/tickets', label: m.frame_tickets(), icon: Inbox, keys: 'g t', tab: true, open: true },
    { href: '/alerts', label: m.frame_alerts(), icon: Bell, keys: 'g a', tab: true, open: true },
    {
      href: '/changes',
      label: m.calendar_title(),
      icon: CalendarClock,
      keys: 'g c',
      tab: false,
      open: me.capabilities.includes('ticket.answer'),
    },
    {
      href: '/known-errors',
      label: m.known_title(),
      icon: BookMarked,
      keys: 'g k',
      tab: false,
      open: me.capabilities.includes('ticket.answer'),
    },
    {
      href: '/reviews',
      label: m.review_title(),
      icon: ClipboardCheck,
      keys: 'g r',
      tab: false,
      open: me.capabilities.includes('ticket.answer'),
    },
    { href: '/reminders', label: m.reminders(), icon: AlarmClock, keys: 'g q', tab: false, open: true },
    {
      href: '/maintenance',
      label: m.quiet_title(),
      icon: BellOff,
      keys: 'g w',
      // Five fit; whoever has figures has it in the menu.
      tab: !me.capabilities.includes('insight.read'),
      open: true,
    },
    { href: '/oncall', label: m.frame_oncall(), icon: PhoneCall, keys: 'g o', tab: true, open: true },
    {
      href: '/insights',
      label: m.frame_insights(),
      icon: ChartSpline,
      keys: 'g i',
      tab: true,
      open: me.capabilities.includes('insight.read'),
    },
    {
      href: '/portal/approvals',
      label: m.approvals_mine(),
      icon: Stamp,
      keys: 'g v',
      tab: false,
      open: true,
    },
    { href: '/portal', label: m.frame_portal(), icon: LifeBuoy, keys: 'g p', tab: false, open: true },
    {
      href: '/admin',
      label: m.frame_admin(),
      icon: Settings,
      keys: 'g s',
      tab: false,
      open: administers(me),
    },
  ]
  return all.filter(({ open }) => open)
}

/** The destination that a path lies under, the longest match first. */
export function whereIs(destinations: readonly Destination[], path: string): Destination | undefined {
  return destinations
    .filter(({ href }) => path === href || path.startsWith(`${href}/`))
    .toSorted((a, b) => b.href.length - a.href.length)[0]
}
