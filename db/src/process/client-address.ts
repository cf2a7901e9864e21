import { BlockList, isIP } from 'node:net'

/**
 * Who really called: the nearest address in X-Forwarded-For that is not one of our trusted proxies. With no
 * trusted proxy in between, the header is the caller's own invention and is ignored.
 */
export function clientAddressOf(trustedProxies: string[]): (remote: string, forwardedFor?: string) => string {
  const trusted = new BlockList()
  for (const item of trustedProxies) trust(trusted, item)
  return (remote, forwardedFor = '') => {
    const chain = [...forwardedFor.split(',').map((hop) => hop.trim()), remote].map(plain)
    let address = chain.pop() ?? remote
    while (isTrusted(trusted, address)) {
      const nearer = chain.pop()
      if (nearer === undefined || isIP(nearer) === 0) break
      address = nearer
    }
    return address
  }
}

/** IPv4 as dual-stack sockets show it, written plainly. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function isTrusted(trusted: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

function trust(trusted: BlockList, item: string): void {
  const [address = '', bits] = item.split('/')
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most) {
    throw new Error(`TRUSTED_PROXIES: ${item} is neither an address nor a CIDR range`)
  }
  trusted.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
}
