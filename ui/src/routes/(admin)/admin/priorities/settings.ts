import type { Level, Priority, Severity } from '#lib/api/types.ts'

export interface SettingsPage {
  settings: {
    reporting_zone: string
    close_after_days: number
    recovery_hold_ms: number
    problem_quiet_days: number
    review_before_close: boolean
    keep_requests_days: number
    keep_events_days: number
    keep_decisions_days: number
    keep_automation_days: number
  }
  priorities: { impact: Level; urgency: Level; priority: Priority }[]
  severities: { severity: Severity; impact: Level; urgency: Level }[]
}

export const levels: Level[] = ['high', 'medium', 'low']
export const priorities: Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']
