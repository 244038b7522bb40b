import { oneLine } from './controls';
import { createSurface, type SurfaceText } from './surface';

/**
 * Text that an editor shows as it is: names of symbols, messages of diagnostics, titles of actions, lines of lists, the
 * status, notifications.
 */
export type Label = SurfaceText<'label'>;

/** Takes no room, and keeps `](` and `$(` from being read as one. */
const WORD_JOINER = '\u2060';

/**
 * VS Code makes `[…](command:…)` a link that runs any command in notifications, in the language status and below input
 * boxes, and `$(…)` an icon in lists.
 */
export const label = createSurface<Label>((text) =>
  oneLine(text).replace(/[\]$](?=\()/gu, `$&${WORD_JOINER}`),
);
