import { defineErrors } from '@callboard/sdk/errors'

/** Every error that the portal's features make by name. */
export const portalErrors = defineErrors({
  DESCRIPTOR_YAML: {
    status: 400,
    sentence: 'YAML error: {reason}',
    hint: 'Correct the YAML there; the other documents of the file are used all the same.',
  },
  DESCRIPTOR_ROOT: {
    status: 400,
    sentence: 'Expected object at root, got {type}',
    hint: 'A document of a catalog file starts with apiVersion, kind and metadata.',
  },
  DESCRIPTOR_ENVELOPE: {
    status: 400,
    sentence: 'The document is not an entity: {reason}',
    hint: 'Every entity has apiVersion, kind and metadata.name, all texts that are not empty.',
  },
  DESCRIPTOR_FIELD: {
    status: 400,
    sentence: 'Policy check failed for {ref}; caused by Error: {reason}',
    hint: 'Correct the field {field}.',
  },
  DESCRIPTOR_KIND_UNKNOWN: {
    status: 400,
    sentence:
      'No kind recognized the entity {ref} as valid, possibly caused by a foreign kind or apiVersion: {apiVersion} {kind}',
    hint: 'Known are: {known}. Kinds are written in exact case.',
  },
  DESCRIPTOR_KIND: {
    status: 400,
    sentence: '{ref}: {reason}',
    hint: 'Correct the field {field}; what a {kind} holds is in the reference of kinds.',
  },
  DESCRIPTOR_RELATION: {
    status: 400,
    sentence: '{ref}: {field} is not a reference: {reason}',
    hint: 'Write [<kind>:][<namespace>/]<name>, such as component:default/payments.',
  },
  DESCRIPTOR_CASE: {
    status: 400,
    sentence: "Entity has duplicate keys that vary only in casing, '{keys}'",
    hint: 'Keep one spelling of the key.',
  },
  DESCRIPTOR_PLACEHOLDER: {
    status: 400,
    sentence: 'Placeholder {key} at {field} could not be resolved: {reason}',
    hint: 'Give a path relative to this file, or a URL that the portal may read.',
  },
  DESCRIPTOR_PLACEHOLDER_FOREIGN: {
    status: 400,
    sentence: 'Placeholder may only reference files from the same repository as the entity',
    hint: 'Move the file into the repository of the entity, or register it there.',
  },
  DESCRIPTOR_DUPLICATE: {
    status: 409,
    sentence: 'The file declares {ref} twice; the first one is used.',
    hint: 'Give one of them another name.',
  },
  CATALOG_RULE: {
    status: 403,
    sentence: 'Entity {ref} is not of an allowed kind for that location.',
    hint: 'Allow the kind {kind} in catalog.rules of app-config.yaml.',
  },
  CONFIG_KIND: {
    status: 500,
    sentence: 'A kind cannot be used: {key} {reason}.',
    hint: 'Correct the definition; the guide on kinds shows what it may hold.',
  },
  CONFIG_MODEL_LAYER: {
    status: 500,
    sentence: 'The model layer {file} cannot be used: {reason}.',
    hint: 'Correct the file, or take it out of catalog.modelLayers.',
  },
  CATALOG_CONFLICT: {
    status: 409,
    sentence: '{ref} is already declared by {other}, which keeps it.',
    hint: 'Rename one of the two, or remove the other file.',
  },
  CATALOG_LOCATION_TYPE: {
    status: 400,
    sentence: 'No processor was able to handle reading of {type}:{target}',
    hint: 'Locations are of type url, or file in the configuration.',
  },
  CATALOG_LOCATION_TARGET: {
    status: 400,
    sentence: 'The target {target} cannot be used: {reason}',
    hint: 'Correct the target of the location.',
  },
  CATALOG_NO_MATCH: {
    status: 404,
    sentence: 'Nothing matches {target}.',
    hint: 'Correct the pattern, or set presence: optional on the location if it may be empty.',
  },
  ENTITY_NOT_FOUND: {
    status: 404,
    sentence: "No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'",
    hint: 'Check the spelling; it may also have been removed, or be hidden from you.',
  },
  ENTITY_UID_NOT_FOUND: {
    status: 404,
    sentence: 'No entity with uid {uid}',
    hint: 'A uid changes when an entity is removed and comes back; its ref stays.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    sentence: '{ref} has no version {version}.',
    hint: 'GET …/versions lists them; a version that removed the entity has no text.',
  },
  RESTORE_HELD: {
    status: 409,
    sentence: '{ref} is declared by {location}, which would overwrite what is restored.',
    hint: 'Change it there. It differs from version {version} in {paths}.',
  },
  REFRESH_NOT_FOUND: {
    status: 404,
    sentence: 'Entity {ref} not found',
    hint: 'Only entities that a location leads to can be refreshed.',
  },
  FILTER_INVALID: { status: 400, sentence: '{reason}', hint: 'A filter is key=value or key, joined by commas.' },
  QUERY_INVALID: { status: 400, sentence: '{reason}', hint: '{hint}' },
  QUERY_TWO_TIMES: {
    status: 400,
    sentence: 'The query asks about {first}, the parameter at about {second}.',
    hint: 'Keep one of the two: an answer is of one time.',
  },
  QUERY_PAST_PROBLEMS: {
    status: 400,
    sentence: 'What was wrong in the past is not kept.',
    hint: 'Leave is:broken or the date out.',
  },
  DATE_INVALID: {
    status: 400,
    sentence: '"{text}" is neither a date nor a time.',
    hint: 'Write 2026-06-01 or 2026-06-01T10:30:00Z; a + of a time zone is %2B in a URL.',
  },
  FIELDS_INVALID: { status: 400, sentence: 'invalid fields, {reason}', hint: 'Fields are dotted paths joined by commas.' },
  CURSOR_INVALID: {
    status: 400,
    sentence: 'Malformed cursor, {reason}',
    hint: 'Send a cursor exactly as pageInfo gave it, or start again without one.',
  },
  FACET_MISSING: { status: 400, sentence: 'Missing facet parameter', hint: 'Ask for at least one, such as ?facet=kind.' },
  BODY_MISSING: { status: 400, sentence: '{reason}', hint: 'Send a JSON body with content-type: application/json.' },
  LOCATION_EXISTS: {
    status: 409,
    sentence: 'Location {type}:{target} already exists',
    hint: 'Refresh it instead, or register it with ?onConflict=refresh.',
  },
  LOCATION_NAME_TAKEN: {
    status: 409,
    sentence: 'Location {type}:{target} was registered before, and what was registered leads elsewhere now',
    hint: 'Remove that location first, or lead it back with PUT /api/catalog/locations/<id>.',
  },
  LOCATION_NOT_FOUND: {
    status: 404,
    sentence: 'Found no location with ID {id}',
    hint: 'List the registered locations with GET /api/catalog/locations.',
  },
  LOCATION_OF_ENTITY_NOT_FOUND: {
    status: 404,
    sentence: 'Found no registered location for the entity {ref}',
    hint: 'It comes from the configuration or a plugin.',
  },
  LOCATION_TYPE_NOT_ALLOWED: {
    status: 400,
    sentence: "Registered locations must be of an allowed type ['url'], not '{type}'",
    hint: 'Register a URL; files on disk are named in catalog.locations of the configuration.',
  },
  LOCATION_DRY_RUN: { status: 400, sentence: '{reason}', hint: 'Correct the file and try again; nothing was stored.' },
  CATALOG_READONLY: {
    status: 403,
    sentence: 'The catalog is read-only (catalog.readonly).',
    hint: 'Locations come from the configuration here; a dry run is still possible.',
  },
  CARD_NOT_FOUND: { status: 404, sentence: 'There is no card {id} for {ref}.', hint: 'Reload the page.' },
  TAB_NOT_FOUND: { status: 404, sentence: 'There is no tab {id} for {ref}.', hint: 'Reload the page.' },
  PAGE_NOT_FOUND: {
    status: 404,
    sentence: 'There is no page at {path}.',
    hint: 'Pages of plugins are listed at /api/shell/pages.',
  },
  CARD_FAILED: {
    status: 502,
    sentence: 'The plugin {plugin} could not make this view: {reason}',
    hint: 'Try again; if it stays, tell whoever looks after the plugin.',
  },
  WEB_NOT_BUILT: {
    status: 503,
    sentence: 'The browser pages have not been built.',
    hint: 'Run `npm start`, which builds them, or `npm run build`.',
  },
})
