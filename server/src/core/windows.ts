import type { Encoding } from './ports';

/** Part of the window that is repeated in the next one, so that what a cut takes apart is whole in one of them. */
const strideShare = 1 / 4;

/**
 * A part of an encoding that fits into the model: the special tokens before, content tokens
 * `[start, end)`, and the special tokens behind. Indices are those of the encoding's tokens.
 */
export interface TokenWindow {
  readonly start: number;
  readonly end: number;
  /** Indices of all the window's tokens in order, special ones included. */
  readonly tokens: readonly number[];
}

/** How many content tokens neighbouring windows share unless said otherwise. */
export const defaultStride = (maxTokens: number): number => Math.floor(maxTokens * strideShare);

/**
 * Cuts an encoding into windows that overlap by `stride` content tokens: those that the tokenizers library
 * makes of a truncated encoding with that stride. An encoding that fits is one window, and so is an empty one.
 *
 * @param maxTokens most tokens in a window, special ones included.
 * @throws RangeError when special tokens and stride leave no room to go on.
 */
export function splitWindows(
  encoding: Encoding,
  maxTokens: number,
  stride = defaultStride(maxTokens),
): readonly TokenWindow[] {
  const content = contentRange(encoding);
  const size = contentSize(encoding, maxTokens);
  const step = size - stride;
  if (content.end - content.start > size && step < 1) {
    throw new RangeError(`A window of ${maxTokens} tokens has no room for a stride of ${stride}.`);
  }
  const windows: TokenWindow[] = [];
  for (let start = content.start; ; start += step) {
    const end = Math.min(start + size, content.end);
    windows.push(toWindow(encoding, start, end));
    if (end === content.end) return windows;
  }
}

/**
 * Windows around given tokens, each as wide as the model allows and centred on its tokens. Tokens that are
 * further apart than half a window get one of their own, so that none of them stands without context.
 *
 * @param positions indices of content tokens, ascending.
 * @returns the windows with the positions that each is meant for; every position is in exactly one of them.
 */
export function windowsAround(
  encoding: Encoding,
  positions: readonly number[],
  maxTokens: number,
): readonly { readonly window: TokenWindow; readonly positions: readonly number[] }[] {
  const content = contentRange(encoding);
  const size = contentSize(encoding, maxTokens);
  const reach = content.end - content.start <= size ? size : Math.max(1, Math.floor(size / 2));
  const groups: number[][] = [];
  for (const position of positions) {
    const group = groups.at(-1);
    if (group && position - (group[0] ?? 0) < reach) group.push(position);
    else groups.push([position]);
  }
  return groups.map((group) => {
    const middle = Math.floor(((group[0] ?? 0) + (group.at(-1) ?? 0) + 1) / 2);
    const latest = Math.max(content.start, content.end - size);
    const start = Math.min(Math.max(content.start, middle - Math.floor(size / 2)), latest);
    return { window: toWindow(encoding, start, Math.min(start + size, content.end)), positions: group };
  });
}

/** Where the tokens of the text stand between those of the model's template. */
function contentRange({ specialTokensMask }: Encoding): { readonly start: number; readonly end: number } {
  const first = specialTokensMask.indexOf(0);
  if (first === -1) {
    // Nothing but special tokens. The first goes before the content, which is how all templates in use begin.
    const start = Math.min(1, specialTokensMask.length);
    return { start, end: start };
  }
  return { start: first, end: specialTokensMask.lastIndexOf(0) + 1 };
}

function contentSize(encoding: Encoding, maxTokens: number): number {
  const { start, end } = contentRange(encoding);
  const size = maxTokens - (encoding.ids.length - (end - start));
  if (size < 1) throw new RangeError(`A window of ${maxTokens} tokens has no room for text.`);
  return size;
}

function toWindow(encoding: Encoding, start: number, end: number): TokenWindow {
  const content = contentRange(encoding);
  const tokens = [];
  for (let i = 0; i < content.start; i++) tokens.push(i);
  for (let i = start; i < end; i++) tokens.push(i);
  for (let i = content.end; i < encoding.ids.length; i++) tokens.push(i);
  return { start, end, tokens };
}
