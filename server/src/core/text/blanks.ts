/** Whether the character at an offset is white space in the sense of `\s`. */
export function isBlankAt(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return /\s/.test(text[offset] as string);
}

/** The first offset from `from` on that is not blank, at most `end`. */
export function skipBlanks(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && isBlankAt(text, at)) at++;
  return at;
}

/** The end of `[start, end)` without the blanks at its end. */
export function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlankAt(text, at - 1)) at--;
  return at;
}
