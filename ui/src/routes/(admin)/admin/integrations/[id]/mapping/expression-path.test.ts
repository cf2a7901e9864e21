import { expect, test } from 'vitest'
import { bodyPath, itemPath } from './expression-path.ts'

test.each([
  [['alerts', 0, 'title'], 'body.alerts[0].title'],
  [['a-b', 'in', 'x y'], 'body["a-b"]["in"]["x y"]'],
  [[], 'body'],
])('%j is %s', (path, text) => expect(bodyPath(path)).toBe(text))

test.each([
  [['alerts', 0, 'title'], 'body.alerts', false, 'item.title'],
  [['alerts', 2, 'tags', 1], 'body.alerts', false, 'item.tags[1]'],
  [['alerts', 0], 'body.alerts', false, 'item'],
  [['site'], 'body.alerts', false, 'body.site'],
  [['title'], '', false, 'item.title'],
  [[1, 'title'], ' ', true, 'item.title'],
  [['a', 0, 'b'], 'body.a.filter(x, x.on)', false, 'body.a[0].b'],
])('%j under “%s” is %s', (path, elements, isList, text) =>
  expect(itemPath(path, elements, isList)).toBe(text),
)
