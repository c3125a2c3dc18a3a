/** The header of a user with a password; none without a password. */
export function basicAuthorization(user: string | undefined, password: string | undefined): { authorization?: string } {
  if (!password) return {}
  return { authorization: `Basic ${Buffer.from(`${user ?? ''}:${password}`).toString('base64')}` }
}
