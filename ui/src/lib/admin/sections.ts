import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import Award from '@lucide/svelte/icons/award'
import Bot from '@lucide/svelte/icons/bot'
import Building from '@lucide/svelte/icons/building-2'
import Cable from '@lucide/svelte/icons/cable'
import CircleDot from '@lucide/svelte/icons/circle-dot'
import FolderTree from '@lucide/svelte/icons/folder-tree'
import FormInput from '@lucide/svelte/icons/text-cursor-input'
import FileUp from '@lucide/svelte/icons/file-up'
import Gauge from '@lucide/svelte/icons/gauge'
import Grid3x3 from '@lucide/svelte/icons/grid-3x3'
import History from '@lucide/svelte/icons/history'
import KeyRound from '@lucide/svelte/icons/key-round'
import Layers from '@lucide/svelte/icons/layers'
import LayoutGrid from '@lucide/svelte/icons/layout-grid'
import ListChecks from '@lucide/svelte/icons/list-checks'
import Mail from '@lucide/svelte/icons/mail'
import MessageSquareText from '@lucide/svelte/icons/message-square-text'
import Megaphone from '@lucide/svelte/icons/megaphone'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import Split from '@lucide/svelte/icons/split'
import Table from '@lucide/svelte/icons/table-2'
import Tags from '@lucide/svelte/icons/tags'
import User from '@lucide/svelte/icons/user'
import Webhook from '@lucide/svelte/icons/webhook'
import Workflow from '@lucide/svelte/icons/workflow'
import Users from '@lucide/svelte/icons/users'
import Zap from '@lucide/svelte/icons/zap'
import type { Component } from 'svelte'
import type { Me } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { mayOpen, type SectionPath } from './access.ts'

export interface Section {
  href: SectionPath
  label: string
  help: string
  icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>
}

/** What this person can administer, in the groups of the index. */
export const adminGroups = (me: Me): { label: string; sections: Section[] }[] =>
  allGroups()
    .map(({ label, sections }) => ({ label, sections: sections.filter(({ href }) => mayOpen(me, href)) }))
    .filter(({ sections }) => sections.length > 0)

const allGroups = (): { label: string; sections: Section[] }[] => [
  {
    label: m.admin_group_in(),
    sections: [
      section('/admin/integrations', m.admin_integrations(), m.admin_integrations_help(), Cable),
      section('/admin/rules', m.admin_rules(), m.admin_rules_help(), Workflow),
      section('/admin/routing', m.routing(), m.routing_help(), Split),
      section('/admin/automation', m.automation(), m.automation_help(), Bot),
      section('/admin/lookups', m.admin_lookups(), m.admin_lookups_help(), Table),
      section('/admin/webhooks', m.webhooks(), m.webhooks_help(), Webhook),
      section('/admin/services', m.admin_services(), m.admin_services_help(), Layers),
      section('/admin/catalogue', m.admin_catalogue(), m.admin_catalogue_help(), LayoutGrid),
      section('/admin/categories', m.categories(), m.categories_help(), FolderTree),
      section('/admin/statuses', m.statuses(), m.statuses_help(), CircleDot),
      section('/admin/fields', m.fields(), m.fields_help(), FormInput),
      section('/admin/checklists', m.checklists(), m.checklists_help(), ListChecks),
      section('/admin/tags', m.tags(), m.tags_help(), Tags),
      section('/canned-replies', m.canned_replies(), m.canned_replies_help(), MessageSquareText),
      section('/macros', m.macros(), m.macros_help(), Zap),
      section('/admin/priorities', m.admin_priorities(), m.admin_priorities_help(), Grid3x3),
    ],
  },
  {
    label: m.admin_group_who(),
    sections: [
      section('/admin/teams', m.admin_teams(), m.admin_teams_help(), Users),
      section('/admin/skills', m.skills(), m.skills_help(), Award),
      section('/admin/people', m.admin_people(), m.admin_people_help(), User),
      section('/admin/organisations', m.organisations(), m.organisations_help(), Building),
      section('/admin/groups', m.sla_groups_title(), m.sla_groups_help(), Users),
      section('/oncall/schedules', m.admin_schedules(), m.admin_schedules_help(), CalendarClock),
      section('/admin/escalations', m.admin_escalations(), m.admin_escalations_help(), Megaphone),
    ],
  },
  {
    label: m.admin_group_when(),
    sections: [
      section('/admin/slas', m.admin_slas(), m.admin_slas_help(), Gauge),
      section('/admin/calendars', m.admin_calendars(), m.admin_calendars_help(), CalendarDays),
    ],
  },
  {
    label: m.admin_group_access(),
    sections: [
      section('/admin/keys', m.admin_keys(), m.admin_keys_help(), KeyRound),
      section('/admin/permissions', m.admin_permissions(), m.admin_permissions_help(), ShieldCheck),
      section('/admin/audit', m.admin_audit(), m.admin_audit_help(), History),
      section('/admin/imports', m.admin_imports(), m.admin_imports_help(), FileUp),
      section('/admin/mailbox', m.admin_mailbox(), m.admin_mailbox_help(), Mail),
    ],
  },
]

const section = (href: SectionPath, label: string, help: string, icon: Section['icon']): Section => ({
  href,
  label,
  help,
  icon,
})
