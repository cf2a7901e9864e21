import { expect, test } from 'vitest'
import { clientAddressOf } from './client-address.ts'

test.each([
  { name: 'direct', trusted: [], remote: '203.0.113.9', header: undefined, is: '203.0.113.9' },
  {
    name: 'direct with a forged header',
    trusted: [],
    remote: '203.0.113.9',
    header: '10.0.0.1',
    is: '203.0.113.9',
  },
  {
    name: 'through our proxy',
    trusted: ['127.0.0.1'],
    remote: '127.0.0.1',
    header: '203.0.113.9',
    is: '203.0.113.9',
  },
  {
    name: 'dual-stack proxy',
    trusted: ['127.0.0.0/8'],
    remote: '::ffff:127.0.0.1',
    header: '2001:db8::1',
    is: '2001:db8::1',
  },
  {
    name: 'forged before the proxy',
    trusted: ['10.0.0.0/8'],
    remote: '10.0.0.2',
    header: '1.2.3.4, 203.0.113.9',
    is: '203.0.113.9',
  },
  {
    name: 'two proxies',
    trusted: ['10.0.0.0/8'],
    remote: '10.0.0.2',
    header: '203.0.113.9, 10.0.0.1',
    is: '203.0.113.9',
  },
  {
    name: 'nonsense in the header',
    trusted: ['10.0.0.0/8'],
    remote: '10.0.0.2',
    header: 'unknown',
    is: '10.0.0.2',
  },
  {
    name: 'no header from the proxy',
    trusted: ['10.0.0.0/8'],
    remote: '10.0.0.2',
    header: undefined,
    is: '10.0.0.2',
  },
])('$name', ({ trusted, remote, header, is }) => {
  expect(clientAddressOf(trusted)(remote, header)).toBe(is)
})

test('a wrong range stops the start', () => {
  expect(() => clientAddressOf(['10.0.0.0/99'])).toThrow(/neither an address nor a CIDR/)
})
