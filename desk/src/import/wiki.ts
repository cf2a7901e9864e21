/** Blocks of a macro whose text is kept as it stands. */
const CODE = /\{(?:code|noformat)(?::[^{}]{0,200})?\}([^]*?)\{(?:code|noformat)\}/g
const QUOTE = /\{quote\}([^]*?)\{quote\}/g
const MACRO = /\{(?:color|panel|anchor|toc|expand|info|note|tip|warning|adf)(?::[^{}]{0,200})?\}/g

/** Jira's wiki markup as Markdown: what people see in the text, not every ornament. Account ids of mentions are named. */
export function markdownOfWiki(text: string, accounts: ReadonlyMap<string, string> = new Map()): string {
  const pieces = text.split(CODE)
  // Every second piece stood within such a block.
  return pieces
    .map((piece, place) => (place % 2 === 1 ? fenced(piece) : inline(piece, accounts)))
    .join('')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const fenced = (code: string) => `\n\`\`\`\n${code.replace(/^\r?\n|\r?\n$/g, '')}\n\`\`\`\n`

function inline(text: string, accounts: ReadonlyMap<string, string>): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(QUOTE, (_, quoted: string) => `\n${quoted.trim().replace(/^/gm, '> ')}\n`)
    .replace(MACRO, '')
    .split('\n')
    .map((line) => lineOf(line, accounts))
    .join('\n')
}

function lineOf(line: string, accounts: ReadonlyMap<string, string>): string {
  return line
    .replace(/^bq\. */, '> ')
    .replace(/^(\*+|-+|#+) +(?=\S)/, (_, marks: string) => {
      const indent = '   '.repeat(marks.length - 1)
      return `${indent}${marks.startsWith('#') ? '1.' : '-'} `
    })
    .replace(/^\s*h([1-6])\. */, (_, depth: string) => `${'#'.repeat(Number(depth))} `)
    .replace(/^\|\|(.+?)\|\|\s*$/, (_, cells: string) => {
      const names = cells.split('||')
      return `|${names.join('|')}|\n|${names.map(() => '---').join('|')}|`
    })
    .replace(/\[~(?:accountid:)?([^\]\s]{1,200})\]/g, (_, id: string) => `@${accounts.get(id) ?? id}`)
    .replace(/\[([^|[\]\n]{1,500})\|((?:https?|mailto|ftp):[^|\]\s]{1,2000})[^\]]{0,50}\]/g, '[$1]($2)')
    .replace(/\[((?:https?|ftp):[^|\]\s]{1,2000})\]/g, '<$1>')
    .replace(/!([^!|\s][^!|\n]{0,200})(?:\|[^!\n]{0,100})?!(?=\s|$)/g, '($1)')
    .replace(/\{\{([^{}\n]{1,500})\}\}/g, '`$1`')
    .replace(/(^|[\s(])\*(\S|\S[^*\n]{0,500}\S)\*(?=[\s).,;:!?]|$)/g, '$1**$2**')
}
