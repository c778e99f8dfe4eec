/** What the operator gave us cannot be used. Anything else that is thrown is a bug. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: InputErrorCode;
  /** What to do about it, when that is known. */
  readonly hint: string | undefined;

  constructor(code: InputErrorCode, message: string, options: InputErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** A path that the operator named; an empty one is an unset variable, and never means the current directory. */
export function namedPath(path: string): string {
  if (path !== '') return path;
  throw new InputError('PATH_MISSING', 'a path is empty', {
    hint: 'give a file or directory; perhaps a variable in the command is not set',
  });
}

export type InputErrorCode =
  | 'PATH_MISSING'
  | 'FILE_UNREADABLE'
  | 'FILE_TOO_LARGE'
  | 'NOTHING_FOUND'
  | 'SETTINGS_MALFORMED'
  | 'INVENTORY_MALFORMED'
  | 'REPORT_MALFORMED'
  | 'EVIDENCE_CONFLICT'
  | 'ENDPOINT_INVALID'
  | 'OPTION_INVALID';

export interface InputErrorOptions {
  readonly hint?: string;
  readonly cause?: unknown;
}
