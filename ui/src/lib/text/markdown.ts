import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true })

const openable = /^(https?:|mailto:)/i

// Images would call other hosts from the reader's browser; attachments are shown apart.
markdown.disable('image')
markdown.validateLink = (url) => openable.test(url.trim())

const plainLink = markdown.renderer.rules.link_open
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer')
  tokens[index]?.attrSet('target', '_blank')
  return plainLink ? plainLink(tokens, index, options, env, self) : self.renderToken(tokens, index, options)
}

/** What people wrote, as HTML that is safe to show: no HTML of theirs, no images, plain links only. */
export const renderMarkdown = (text: string): string => markdown.render(text)

/** Whether a link from outside may be followed from our pages. */
export const isOpenable = (url: string | null | undefined): url is string =>
  typeof url === 'string' && /^https?:\/\//i.test(url.trim())
