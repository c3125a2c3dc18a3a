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
  STOP_TIMEOUT: {
    status: 500,
    sentence: 'The portal did not stop within {seconds} s and was ended.',
    hint: 'Requests or jobs may have been cut off; the database is safe.',
  },
})

const USAGE_CODES = ['COMMAND_UNKNOWN', 'OPTION_UNKNOWN', 'OPTION_INVALID', 'ARGUMENT_UNEXPECTED', 'FILES_MISSING']

/** Whether an error is about how the command was typed. */
export function isUsageError(code: string): boolean {
  return USAGE_CODES.includes(code)
}
