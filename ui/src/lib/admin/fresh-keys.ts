/** Keys made in this visit, by integration: shown on its page until one leaves, and kept nowhere else. */
export const freshKeys = new Map<string, string>()
