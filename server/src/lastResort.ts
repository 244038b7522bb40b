import { toLogText } from './core/describeError';
import type { Logger } from './core/ports';

/** Begins what is logged; tests that run the real server look for it. */
export const lastResort = 'A failure that nothing handled:';

/**
 * Keeps a process alive that forgot to handle a rejection: a server that ends takes all open documents along. It is a
 * mistake nevertheless, so no test of ours may get here.
 */
export function surviveRejections(events: Pick<NodeJS.Process, 'on'>, logger: Pick<Logger, 'error'>): void {
  events.on('unhandledRejection', (reason) => logger.error(`${lastResort} ${toLogText(reason)}`));
}
