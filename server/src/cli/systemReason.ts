import { getSystemErrorMap } from 'node:util';

/** What the system says, for instance `no space left on device (ENOSPC)`; undefined for any other error. */
export const systemReason = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const { errno, code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return undefined;
  const [, reason] = getSystemErrorMap().get(errno ?? 0) ?? [];
  return reason === undefined ? code : `${reason} (${code})`;
};
