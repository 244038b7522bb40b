import { writeOutControls } from './controls';
import { createSurface, type SurfaceText } from './surface';

/** JSON, or a part of it, that does nothing to a terminal either. */
export type Json = SurfaceText<'json'>;

export const json = createSurface<Json>((text) => toJson(text));

/** As `JSON.stringify`, which leaves some controls as they are. A reader gets the same value. */
export const toJson = (
  value: object | string,
  indent?: number,
  replacer?: (key: string, value: unknown) => unknown,
): Json => writeOutControls(JSON.stringify(value, replacer, indent)) as Json;
