import { toLogText } from './describeError';
import type { Logger } from './ports';

/**
 * For work that nobody waits for, or that the rest does not depend on: a failure is logged and goes no further.
 *
 * @param what happened, in a sentence.
 */
export const logFailure = (work: Promise<unknown>, what: string, logger: Logger): Promise<void> =>
  work.then(
    () => {},
    (error: unknown) => logger.warn(`${what} ${toLogText(error)}`),
  );
