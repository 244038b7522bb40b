/** Scripts that write words without spaces between them, or particles right behind a name. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const wordCharacter = /[\p{L}\p{N}_]/u;
/** What belongs to the character before it: accents, the parts of an emoji. */
const joined = /[\p{M}\p{Emoji_Modifier}]|\u200d/u;

const isSpaced = (character: string): boolean => wordCharacter.test(character) && !unspaced.test(character);

/** Whether a text could be cut at an offset without cutting a word of a spaced script or a character in two. */
export function isBoundary(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return true;
  const before = characterBefore(text, offset);
  const after = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (joined.test(after) || before === '\u200d') return false;
  return !(isSpaced(before) && isSpaced(after));
}

function characterBefore(text: string, offset: number): string {
  const low = text.charCodeAt(offset - 1);
  const isLow = low >= 0xdc00 && low <= 0xdfff;
  return isLow && offset > 1 ? text.slice(offset - 2, offset) : text.slice(offset - 1, offset);
}
