import { page } from '$app/state'

/** The zone that the signed-in reader reads times in. */
export const zoneOfReader = (): string => page.data.me?.person.zone ?? 'UTC'
