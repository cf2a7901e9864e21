/** Columns that are added to rows that are handed back, and known when these come again. */
export const REFUSED_BECAUSE = 'refused_because'
/** Where tickets are called by their lines, the one on which a row stood. */
export const REFUSED_LINE = 'refused_line'
