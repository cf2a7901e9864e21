import { BlockList, isIP } from 'node:net'

const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/** Inside 2000::/3, what stands for something else: Teredo, documentation, 6to4. */
const NOT_PUBLIC_V6 = [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const

/**
 * Tells whether we may call an address: the public ones, and those that the operator allowed (addresses or
 * CIDR ranges). An IPv4 address in IPv6 clothes is judged as what it is.
 */
export function mayCall(allowed: string[]): (address: string) => boolean {
  const refused = new BlockList()
  for (const [net, bits] of NOT_PUBLIC_V4) refused.addSubnet(net, bits, 'ipv4')
  for (const [net, bits] of NOT_PUBLIC_V6) refused.addSubnet(net, bits, 'ipv6')
  const global = new BlockList()
  global.addSubnet('2000::', 3, 'ipv6')
  const exempt = new BlockList()
  for (const item of allowed) {
    const [net = '', bits] = item.split('/')
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(net) === 0)
      throw new Error(`TOCSIN_WEBHOOK_ALLOW: ${item} is neither an address nor a CIDR range`)
    exempt.addSubnet(net, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return (given) => {
    const address = plain(given)
    const version = isIP(address)
    if (version === 0) return false
    const family = version === 6 ? 'ipv6' : 'ipv4'
    if (exempt.check(address, family)) return true
    return !refused.check(address, family) && (version === 4 || global.check(address, family))
  }
}

/** ::ffff:127.0.0.1 and ::ffff:7f00:1 as 127.0.0.1. */
function plain(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (dotted) return dotted[1]!
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (!hex) return address
  const [high, low] = [Number.parseInt(hex[1]!, 16), Number.parseInt(hex[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
