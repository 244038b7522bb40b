/**
 * Cuts many sentences into groups to hand to the engine one after another. A group holds sentences of similar
 * length, so that the batches made of it are hardly padded, and is small, so that it can be cancelled or
 * reported soon.
 */

/** What a template such as `[CLS] … [SEP]` adds to every sentence. */
const SPECIAL_TOKENS = 2;

/** Characters of a word piece in alphabetic scripts, spaces included; multilingual vocabularies give 3 to 4. */
const CHARACTERS_PER_TOKEN = 3.5;

/** Scripts without spaces, in which a character is about a token: kana, Han, Hangul, full-width forms. */
const isWide = (codeUnit: number): boolean =>
  (codeUnit >= 0x2e80 && codeUnit <= 0x9fff) ||
  (codeUnit >= 0xac00 && codeUnit <= 0xd7af) ||
  (codeUnit >= 0xf900 && codeUnit <= 0xfaff) ||
  (codeUnit >= 0xff00 && codeUnit <= 0xffef);

const isHighSurrogate = (codeUnit: number): boolean => codeUnit >= 0xd800 && codeUnit <= 0xdbff;

/**
 * About how many tokens a model makes of a text, special tokens included. Cheap, and good enough to sort by:
 * nothing may depend on it being right.
 */
export const estimateTokens = (text: string): number => {
  let wide = 0;
  let other = 0;
  for (let i = 0; i < text.length; i++) {
    const codeUnit = text.charCodeAt(i);
    // A surrogate pair (an emoji, a rare Han character) counts once, by its first half.
    if (isWide(codeUnit) || isHighSurrogate(codeUnit)) wide++;
    else if (codeUnit < 0xdc00 || codeUnit > 0xdfff) other++;
  }
  return SPECIAL_TOKENS + wide + Math.ceil(other / CHARACTERS_PER_TOKEN);
};

/**
 * @param sentences in any order.
 * @param tokensPerGroup most estimated tokens in a group; a longer sentence is a group by itself.
 * @returns indices into `sentences`, every one in exactly one group, shortest sentences first; sentences of
 *   one length keep their order.
 */
export const groupByLength = (
  sentences: readonly string[],
  tokensPerGroup: number,
): readonly (readonly number[])[] => {
  const estimates = sentences.map(estimateTokens);
  const at = (index: number): number => estimates[index] ?? 0;
  const order = [...sentences.keys()].sort((a, b) => at(a) - at(b));
  const groups: number[][] = [];
  let group: number[] = [];
  let tokens = 0;
  for (const index of order) {
    if (group.length > 0 && tokens + at(index) > tokensPerGroup) {
      groups.push(group);
      group = [];
      tokens = 0;
    }
    group.push(index);
    tokens += at(index);
  }
  if (group.length > 0) groups.push(group);
  return groups;
};
