import { describe, expect, it } from 'vitest'
import { textOfMarkup } from './markup.ts'

describe('the text of markup', () => {
  it.each([
    [
      '<p>Bonjour,</p><p>l&#39;&eacute;cran<br>reste noir &amp; froid</p>',
      "Bonjour,\nl'écran\nreste noir & froid",
    ],
    ['&lt;p&gt;Hello &amp;amp; bye&lt;/p&gt;', 'Hello & bye'],
    ['<ul><li>one</li><li>two</li></ul>', '- one\n- two'],
    ['<div><style>p { color: red }</style>text<script>alert(1)</script></div>', 'text'],
    ['a < b and c > d', 'a < b and c > d'],
    ['5 &lt; 6', '5 < 6'],
    ['<b>never closed', 'never closed'],
    ['plain\ntext', 'plain\ntext'],
  ])('%s', (html, text) => expect(textOfMarkup(html)).toBe(text))

  it('takes its time, and not more, for what is never closed', () => {
    const began = performance.now()
    textOfMarkup('<p>' + '<script>'.repeat(25_000))
    textOfMarkup('<p>' + '<'.repeat(200_000))
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
