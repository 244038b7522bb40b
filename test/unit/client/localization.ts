import type { Localization } from '../../../client/src/localization';

/** English, as the editor gives it without a translation. */
export const english: Localization = {
  t: (message: unknown, ...args: unknown[]) =>
    String(message).replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};
