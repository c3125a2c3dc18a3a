import { defineErrors } from '@callboard/sdk/errors'

/** Every error that the kernel makes by name. */
export const kernelErrors = defineErrors({
  CONFIG_MISSING: {
    status: 500,
    sentence: 'The configuration file {file} does not exist.',
    hint: 'Create it, or name other files with --config <path>.',
  },
  CONFIG_REMOTE: {
    status: 500,
    sentence: 'The configuration {url} is a URL, and configuration is only read from files.',
    hint: 'Download the file and name its path with --config <path>.',
  },
  CONFIG_SYNTAX: {
    status: 500,
    sentence: 'The configuration file {place} cannot be read: {problem}',
    hint: 'Correct the YAML there; indentation is spaces, and values that begin with a special sign need quotes.',
  },
  CONFIG_INVALID: {
    status: 500,
    sentence: 'The configuration has {count}: {problems}',
    hint: 'Correct the value at the place that is named.',
  },
  CONFIG_INCLUDE: {
    status: 500,
    sentence: 'The configuration at {place} cannot be included: {problem}',
    hint: 'Write {$file: path}, {$include: file.yaml#a.b} or {$env: NAME} alone in its object; paths are relative to the file that holds them.',
  },
  CONFIG_ENVIRONMENT: {
    status: 500,
    sentence: 'The environment variable {variable} is not a usable configuration value: {problem}',
    hint: 'Name it APP_CONFIG_ followed by the key with _ for each dot, such as APP_CONFIG_backend_baseUrl.',
  },
  DURATION_INVALID: {
    status: 400,
    sentence: '"{text}" is not a duration.',
    hint: 'Write it like 30s, 1h 30m, PT30M, or as an object such as {minutes: 5}.',
  },
  READ_URL_INVALID: {
    status: 400,
    sentence: '"{url}" is not a URL that can be read.',
    hint: 'Give an absolute URL that begins with https:// or http://.',
  },
  READ_HOST_NOT_ALLOWED: {
    status: 403,
    sentence: 'Reading {url} is not allowed.',
    hint: 'Allow it in app-config.yaml:\nbackend:\n  reading:\n    allow:\n      - host: {host}',
  },
  READ_ADDRESS_NOT_ALLOWED: {
    status: 403,
    sentence: 'Reading {url} is not allowed: its host resolves to {address}, which is not a public address.',
    hint: 'If it is meant to be read, allow it in app-config.yaml:\nbackend:\n  reading:\n    allow:\n      - host: {host}',
  },
  READ_NOT_FOUND: {
    status: 404,
    sentence: '{url} was not found.',
    hint: 'Check the address and the branch; a private repository also needs a token in integrations.',
  },
  READ_REFUSED: {
    status: 403,
    sentence: '{host} refused to hand out {url} (status {status}).',
    hint: 'Check the token for {host} in integrations: it may be missing, expired, or without access to this repository.',
  },
  READ_RATE_LIMITED: {
    status: 429,
    sentence: '{host} answers too many requests to {url}; it may be asked again in {seconds} s.',
    hint: 'Wait, or set a token for {host} in integrations, which raises its limit.',
  },
  READ_UPSTREAM: {
    status: 502,
    sentence: '{url} could not be read: {problem}',
    hint: 'Check that the host is up and can be reached from the portal; the read is tried again on the next refresh.',
  },
  READ_TIMEOUT: {
    status: 504,
    sentence: '{url} did not answer completely within {ms} ms.',
    hint: 'Check that the host is up and can be reached from the portal.',
  },
  READ_TOO_LARGE: {
    status: 413,
    sentence: '{url} is larger than {bytes} bytes.',
    hint: 'Split the file, or point to a smaller one.',
  },
  READ_REDIRECT: {
    status: 502,
    sentence: '{url} redirects in a way that is not followed: {problem}',
    hint: 'Use the final address of the file.',
  },
  READ_TREE_URL: {
    status: 400,
    sentence: '{url} is not a folder of a Git repository.',
    hint: 'Give the URL of a folder with its branch, such as https://github.com/acme/shop/tree/main/docs; name other hosts in integrations.',
  },
  READ_NO_MATCH: {
    status: 404,
    sentence: 'No file matches {url}.',
    hint: 'Check the pattern and the branch; ** stands for any folders, * for a part of one name.',
  },
  READ_ARCHIVE_BROKEN: {
    status: 502,
    sentence: 'The archive of {url} cannot be unpacked: {problem}',
    hint: 'It may have been cut off on its way; it is read again on the next refresh.',
  },
  READ_ARCHIVE_LIMIT: {
    status: 413,
    sentence: 'The repository of {url} is too large: {limit}.',
    hint: 'Name a smaller folder or a narrower pattern, or keep large files elsewhere.',
  },
  READ_GIT_MISSING: {
    status: 500,
    sentence: '{url} is read with the program git, which is not installed.',
    hint: 'Install git where the portal runs, or name the host in integrations if it is of a known kind.',
  },
  READ_ABORTED: {
    status: 503,
    sentence: 'Reading {url} was stopped.',
    hint: 'The portal is stopping or the caller gave up; try again.',
  },
  FILE_NOT_FOUND: {
    status: 404,
    sentence: 'The file {path} does not exist.',
    hint: 'Check the path; relative paths start at the folder of the file that names them.',
  },
  FILE_UNREADABLE: {
    status: 500,
    sentence: 'The file {path} cannot be read: {problem}',
    hint: 'Check that it is a file and that the portal may read it.',
  },
  FILE_TOO_LARGE: {
    status: 413,
    sentence: 'The file {path} is larger than {bytes} bytes.',
    hint: 'Split the file, or point to a smaller one.',
  },
  AUTH_PROVIDER_UNKNOWN: {
    status: 500,
    sentence: 'The configuration asks for sign-in with "{provider}", which this release cannot do.',
    hint: 'Remove auth.providers.{provider}, or start with --open to let everyone in as the guest user.',
  },
  TOKEN_UNKNOWN: {
    status: 401,
    sentence: 'The token of this request is not known.',
    hint: 'Send a token listed in backend.auth.externalAccess, or no authorization header at all.',
  },
  PERMISSION_DENIED: {
    status: 403,
    sentence: '{actor} is not allowed to do this ({permission}).',
    hint: 'Ask whoever looks after the portal for the permission {permission}.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    sentence: 'There is nothing at {method} {path}.',
    hint: 'All routes are listed at /api/openapi.json.',
  },
  REQUEST_INVALID: {
    status: 400,
    sentence: 'The request is not valid: {issues}',
    hint: 'See /api/openapi.json for what this route takes.',
  },
  UNEXPECTED: {
    status: 500,
    sentence: 'Something went wrong inside the portal.',
    hint: 'The log has the details under the request id of the answer.',
  },
  DATABASE_LOCKED: {
    status: 500,
    sentence: 'The database folder {directory} is in use by process {pid}.',
    hint: 'Stop that process, choose another folder with --data, or share a PostgreSQL with DATABASE_URL.',
  },
  DATABASE_FOLDER: {
    status: 500,
    sentence: 'The database folder {directory} cannot be used: {reason}',
    hint: 'Make it a folder that the portal may write to, or choose another one with --data.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    sentence: 'The database {database} at {host}:{port} cannot be reached: {reason}',
    hint: 'Check DATABASE_URL or backend.database.connection, and that PostgreSQL is running.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    sentence: 'The database does not answer at the moment.',
    hint: 'Try again shortly; the portal goes on by itself when the database is back.',
  },
  DATABASE_TOO_OLD: {
    status: 500,
    sentence: 'The database is PostgreSQL {major}; {oldest} is the oldest that works.',
    hint: 'Upgrade PostgreSQL.',
  },
  DATABASE_NEWER: {
    status: 500,
    sentence: 'The database has the migration {schema}/{name}, which this release does not know.',
    hint: 'It has been used by a newer release: start that one.',
  },
  MIGRATION_FAILED: {
    status: 500,
    sentence: 'The migration {schema}/{name} failed: {reason}',
    hint: 'Nothing was changed. Report it with the text above.',
  },
  HTTPS_CERTIFICATE: {
    status: 500,
    sentence: 'backend.https has no certificate and key; the portal does not make its own.',
    hint: 'Name both: https: { certificate: { cert: { $file: cert.pem }, key: { $file: key.pem } } }, or leave TLS to a proxy.',
  },
  PORT_IN_USE: {
    status: 500,
    sentence: 'The port {port} of {host} is in use.',
    hint: 'Stop what listens there, or choose another port with --port.',
  },
  PORT_FORBIDDEN: {
    status: 500,
    sentence: 'The portal cannot listen on {host}:{port}: {reason}',
    hint: 'Choose another port with --port, or another host in backend.listen.',
  },
  PLUGIN_NOT_FOUND: {
    status: 500,
    sentence: 'The plugin {name} cannot be loaded: {reason}',
    hint: 'Name a file relative to the configuration, or a package that is installed beside it.',
  },
  PLUGIN_SHAPE: {
    status: 500,
    sentence: 'The plugin {name} has no usable default export: {reason}',
    hint: 'Write `export default definePlugin({ name, setup })`.',
  },
  PLUGIN_NAME_TAKEN: {
    status: 500,
    sentence: 'Two plugins are called {name}.',
    hint: 'Remove one of them from plugins: in the configuration.',
  },
  PLUGIN_SETUP_FAILED: {
    status: 500,
    sentence: 'The plugin {name} failed to set up: {reason}',
    hint: 'Correct the plugin, or start without it: `plugins: [{ use: {name}, optional: true }]`.',
  },
  PLUGIN_SERVICE_MISSING: {
    status: 500,
    sentence: 'The plugin {name} uses the service {service}, which no plugin provides.',
    hint: 'Add the plugin that provides it to plugins: in the configuration.',
  },
  PLUGIN_SERVICE_TAKEN: {
    status: 500,
    sentence: 'The service {service} is provided by {first} and by {second}.',
    hint: 'Remove one of the two plugins.',
  },
  PLUGIN_REPLY: {
    status: 500,
    sentence: 'The plugin {name} answered with a shape that it did not promise: {reason}',
    hint: 'The plugin has a fault; report it to its author.',
  },
  UPSTREAM_SHAPE: {
    status: 502,
    sentence: '{url} answered with an unexpected shape: {reason}',
    hint: 'Check that the address is right and that the other side has not changed.',
  },
})
