/**
 * Marks, embeddings, overrides and isolates of direction, and their like: they would reorder what stands around the text
 * that they come with, or hide a part of it.
 */
export const directionControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]/gu;

const breaks = /[\p{Cc}\u2028\u2029]+/gu;

/** One line without controls, as it is shown to people. Blanks of other widths stay. */
export const oneLine = (text: string): string =>
  text.replace(directionControls, '').replace(breaks, ' ').replace(/ {2,}/gu, ' ').trim();

/** Line breaks and tabs apart: what acts on whatever shows it, while nobody sees it. */
const hidden = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]/gu;

/** Whether something of a text acts or hides without being seen. */
export const hasControls = (text: string): boolean => text.search(hidden) >= 0;

/** Writes controls out, as JSON does; line breaks and tabs stay. */
export const writeOutControls = (text: string): string =>
  text.replace(hidden, (character) =>
    '\t\r\n'.includes(character)
      ? character
      : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
