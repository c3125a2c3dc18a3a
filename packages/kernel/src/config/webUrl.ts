import { z } from 'zod'

/** An http or https address, without the slash at its end. */
export const webUrlSchema = z
  .url({ protocol: /^https?$/, error: 'it must be a URL that begins with http:// or https://' })
  .transform(url => url.replace(/\/+$/, ''))
