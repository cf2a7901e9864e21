// The frame has no scripts and an origin of nobody's; this keeps it from loading anything as well. What a mail
// says of bases and policies comes after ours and can only narrow them.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"

/** The document that shows a mail's HTML in a sandboxed frame: no remote loads, links in a new tab. */
export const mailFrame = (html: string): string =>
  `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank">${html}`
