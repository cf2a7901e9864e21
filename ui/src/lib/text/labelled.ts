import { m } from '#lib/paraglide/messages.js'

/** “Service: Payments”, with the space before the colon that French wants. */
export const labelled = (name: string, value: string): string => `${m.filter_chip({ name })} ${value}`
