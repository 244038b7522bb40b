import envPaths from 'env-paths';

/**
 * Where Subtext keeps what it can make again: prepared graphs, what is known of devices, libraries installed on
 * request. Never text of documents. `SUBTEXT_CACHE` overrides the place that the system has for such files.
 */
export const stateFolder = (): string =>
  process.env['SUBTEXT_CACHE'] || envPaths('subtext', { suffix: '' }).cache;
