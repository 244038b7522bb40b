import { oneLine } from './controls';
import { createSurface, type SurfaceText } from './surface';

/** A field of a format whose columns are divided by white space, as CoNLL's are. */
export type Columns = SurfaceText<'columns'>;

export const columns = createSurface<Columns>((text) => oneLine(text).replace(/\s/gu, '_'));
