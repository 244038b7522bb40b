import type { l10n } from 'vscode';

/** What pure code needs of `vscode.l10n`; messages are written out at the call, where the bundle's test finds them. */
export type Localization = Pick<typeof l10n, 't'>;
