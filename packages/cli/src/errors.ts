import { defineErrors } from '@callboard/sdk/errors'

/** Every error that the command line makes by name. */
export const cliErrors = defineErrors({
  COMMAND_UNKNOWN: {
    status: 400,
    sentence: 'There is no command "{command}".',
    hint: 'All commands: callboard help.',
  },
  OPTION_UNKNOWN: {
    status: 400,
    sentence: 'The command {command} has no option "{option}".',
    hint: 'Its options: callboard help {command}.',
  },
  OPTION_INVALID: {
    status: 400,
    sentence: 'The option {option} {reason}.',
    hint: 'Its options: callboard help {command}.',
  },
  ARGUMENT_UNEXPECTED: {
    status: 400,
    sentence: 'The command {command} takes no argument "{argument}".',
    hint: 'How it is used: callboard help {command}.',
  },
  FILES_MISSING: {
    status: 400,
    sentence: 'No files are named to check.',
    hint: 'Name files, patterns or folders, such as callboard check catalog-info.yaml.',
  },
  NOTHING_MATCHES: {
    status: 404,
    sentence: 'Nothing matches {target}.',
    hint: 'Correct the path; a pattern needs quotes where the shell would expand it.',
  },
  ARGUMENT_MISSING: {
    status: 400,
    sentence: 'The command {command} needs {argument}.',
    hint: 'How it is used: callboard help {command}.',
  },
  REF_INVALID: {
    status: 400,
    sentence: '{reason}.',
    hint: 'Write kind:namespace/name; the namespace may be left out where it is default, as in component:payments.',
  },
  PORTAL_UNREACHABLE: {
    status: 503,
    sentence: 'No portal answers at {url}: {reason}.',
    hint: 'Start it, name another one with --url or CALLBOARD_URL, or ask files with --files FOLDER.',
  },
  PORTAL_FOREIGN: {
    status: 502,
    sentence: '{url} answered {status}, but not as a portal does.',
    hint: 'Name the address of the portal itself, such as http://127.0.0.1:7007, with --url or CALLBOARD_URL.',
  },
  PORTAL_NEEDED: {
    status: 400,
    sentence: 'callboard {command} changes a running portal, which files are not.',
    hint: 'Name the portal with --url or CALLBOARD_URL.',
  },
  REVISION_UNKNOWN: {
    status: 404,
    sentence: 'The files of {folder} are not known as of {revision}: {reason}',
    hint: 'Name a date or a revision of the git repository that the folder belongs to.',
  },
  STOP_TIMEOUT: {
    status: 500,
    sentence: 'The portal did not stop within {seconds} s and was ended.',
    hint: 'Requests or jobs may have been cut off; the database is safe.',
  },
})

const USAGE_CODES = [
  'COMMAND_UNKNOWN',
  'OPTION_UNKNOWN',
  'OPTION_INVALID',
  'ARGUMENT_UNEXPECTED',
  'ARGUMENT_MISSING',
  'FILES_MISSING',
  'REF_INVALID',
  'PORTAL_NEEDED',
]

/** Whether an error is about how the command was typed. */
export function isUsageError(code: string): boolean {
  return USAGE_CODES.includes(code) || code.startsWith('QUERY_')
}
