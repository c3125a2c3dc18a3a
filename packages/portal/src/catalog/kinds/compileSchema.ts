import type { JsonObject } from '@callboard/sdk'
import { Ajv, type ValidateFunction } from 'ajv'

/**
 * Compiles a JSON Schema. Formats such as `email` are not checked.
 *
 * @throws Error when it is none
 */
export function compileSchema(schema: JsonObject): ValidateFunction {
  // why: an instance remembers the ids of its schemas, and a schema that is read again would be there already.
  const ajv = new Ajv({
    allErrors: false,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
    strictTuples: false,
    validateFormats: false,
  })
  return ajv.compile(schema)
}
