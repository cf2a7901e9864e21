import { RE2JS } from 're2js'
import { z } from 'zod'
import { DeskError } from '../activity/index.ts'

const pattern = z.string().min(1).max(500).optional()
const template = z.string().min(1).max(300).optional()

/** What a mail means, by its sender, subject and body: every pattern that is there must be found. */
export const MailRule = z.strictObject({
  means: z.enum(['trigger', 'acknowledge', 'resolve', 'ignore']),
  from: pattern,
  subject: pattern,
  body: pattern,
  /** `$1` to `$9` are the groups of the patterns, from, subject and body in this order; `$subject`, `$from`. */
  title: template,
  dedup_key: template,
  severity: template,
})
export type MailRule = z.infer<typeof MailRule>
export const MAIL_RULES = 50

export interface ReceivedMail {
  from: string
  subject: string
  text: string
}

export interface MailMeaning {
  means: MailRule['means']
  title: string | null
  dedupKey: string
  severity: string | null
  /** Counted from 1; null: by no rule. */
  rule: number | null
}

// Linear in the text, yet the text is anybody's: of a large pattern it is read less far.
const READ = 65_536
const LARGE = 64

/** Throws `invalid` where a pattern cannot be compiled. */
export function checkMailRules(rules: MailRule[]): void {
  const errors = rules.flatMap((rule, index) =>
    PARTS.flatMap((part) => {
      const source = rule[part]
      if (source === undefined) return []
      try {
        RE2JS.compile(source, FLAGS)
        return []
      } catch (error) {
        return [{ path: `mail_rules.${index}.${part}`, message: (error as Error).message.slice(0, 200) }]
      }
    }),
  )
  if (errors.length > 0) throw new DeskError('invalid', 'A pattern cannot be used.', { errors })
}

const PARTS = ['from', 'subject', 'body'] as const
const FLAGS = RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE

/**
 * The first rule that fits decides. Without any rule every mail fires, one alert a subject; where there are rules
 * and none fits, the mail is a note.
 */
export function readMail(rules: MailRule[], mail: ReceivedMail): MailMeaning {
  const plain = mail.subject.replace(/^(?:\s*(?:re|fwd?|aw|wg|tr|r|i)\s*:)+\s*/i, '').trim()
  const usual = {
    title: mail.subject.trim() || null,
    dedupKey: plain.toLowerCase() || mail.from || 'mail',
    severity: null,
  }
  if (rules.length === 0) return { ...usual, means: 'trigger', rule: null }
  for (const [index, rule] of rules.entries()) {
    const groups = groupsOf(rule, mail)
    if (!groups) continue
    const fill = (given: string | undefined): string | null =>
      given === undefined
        ? null
        : given
            .replaceAll(/\$(subject|from|[1-9])/g, (_all, name: string) =>
              name === 'subject' ? plain : name === 'from' ? mail.from : (groups[Number(name) - 1] ?? ''),
            )
            .trim() || null
    return {
      means: rule.means,
      title: fill(rule.title) ?? usual.title,
      dedupKey: fill(rule.dedup_key) ?? usual.dedupKey,
      severity: fill(rule.severity),
      rule: index + 1,
    }
  }
  return { ...usual, means: 'ignore', rule: null }
}

/** The groups of all its patterns, or undefined where one is not found. */
function groupsOf(rule: MailRule, mail: ReceivedMail): (string | null)[] | undefined {
  const groups: (string | null)[] = []
  for (const part of PARTS) {
    const source = rule[part]
    if (source === undefined) continue
    const compiled = RE2JS.compile(source, FLAGS)
    const read = Math.floor((READ * LARGE) / Math.max(LARGE, compiled.programSize()))
    const matcher = compiled.matcher((part === 'body' ? mail.text : mail[part]).slice(0, read))
    if (!matcher.find()) return undefined
    for (let group = 1; group <= matcher.groupCount(); group++) groups.push(matcher.group(group))
  }
  return groups
}
