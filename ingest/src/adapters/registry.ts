import type { System } from '@tocsin/desk'
import type { Adapter } from './adapter.ts'
import { alertmanager } from './alertmanager.ts'
import { events } from './events.ts'
import { prometheus } from './prometheus.ts'

/** Every system that has a door; the type says that none is missing. */
export const ADAPTERS: Record<System, Adapter> = { alertmanager, prometheus, events }
