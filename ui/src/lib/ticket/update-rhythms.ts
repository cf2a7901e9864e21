/** Minutes between two updates that are offered. */
export const rhythms: readonly number[] = [15, 30, 60, 120, 240, 480]
