// Plainer than the RFC on purpose: no quotes, comments, routes, folding or domain literals, which is where mail
// libraries have been led astray. At least one dot in the domain, except for localhost.
const ADDRESS =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})$/i

export const isMailAddress = (address: string): boolean => address.length <= 254 && ADDRESS.test(address)

/** One header value: line breaks and other control characters cannot start another header. */
export const headerText = (value: string): string => value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
