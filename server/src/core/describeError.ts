import { EngineError } from './ports';

/** What may be said of an error anywhere: its kind, and where in the program it came from. */
export interface ErrorDescription {
  readonly name: string;
  /** Lines of the stack. */
  readonly frames: readonly string[];
}

/** Without the message: that of an error not made for users may quote a document. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const { name, stack = '' } = error;
  return { name, frames: stack.split('\n').filter((line) => /^\s+at /u.test(line)) };
}

/** An error for the log. */
export function toLogText(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  const { name, frames } = describeError(error);
  return [name, ...frames].join('\n');
}
