// Text of people in a Markdown file must read as what they wrote, and be nothing else: no heading, link, image or tag.

// Any of these may follow a backslash and then stands for itself; the rest of the signs begins nothing.
const SIGNS = /[!#$&()*+\-.:<=>@[\\\]^_`{|}~]/g
// Controls, and signs that turn the direction of what follows.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/

/** One line of plain text, inert. */
export const plain = (text: string): string =>
  text
    .replaceAll(UNSEEN, ' ')
    .trim()
    .replaceAll(SIGNS, String.raw`\$&`)

/** Text of several lines as a quotation, each line of it inert. */
export const quoted = (text: string): string =>
  text
    .trim()
    .split(LINE_END)
    .map((line) => `> ${plain(line)}`.trimEnd())
    .join('  \n')
