import { expect, test } from 'vitest'
import { isOpenable, renderMarkdown } from './markdown.ts'

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[a](javascript:alert(1))',
  '[a](data:text/html;base64,PHNjcmlwdD4=)',
  '![a](https://tracker.example/pixel.png)',
  '<a href="javascript:alert(1)">x</a>',
  'vbscript:alert(1)',
])('%s stays inert', (hostile) => {
  const html = renderMarkdown(hostile)
  expect(html).not.toMatch(/<(script|img|iframe)/i)
  expect(html).not.toMatch(/href="(?!https?:|mailto:)/i)
})

test('what people write is formatted', () => {
  const html = renderMarkdown('**now** `df`\n- one https://example.com')
  expect(html).toContain('<strong>now</strong> <code>df</code>')
  expect(html).toContain('<a href="https://example.com" rel="noopener noreferrer" target="_blank">')
})

test('only web addresses are followed', () => {
  expect(['https://a.example', 'HTTP://a', 'javascript:alert(1)', '//a', '', null].map(isOpenable)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})
