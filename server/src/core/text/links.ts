import type { Span } from './span';

/*
 * URLs and e-mail addresses that stand bare in prose. Letters of any alphabet belong to a URL except those of
 * scripts written without spaces, since there the sentence goes on right behind it.
 */

const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
/** A regular expression takes stack for each repetition; longer URLs are read in several runs. */
const maxRun = 20_000;
const urlCharacter = String.raw`(?:[\w\-.~:/?#@!$&'()*+,;=%|]|\[[\w.:\-]*\]|(?![${unspaced}])[\p{L}\p{M}\p{N}])`;
// Repetition is bounded or cannot begin again inside of its own match, which keeps the search linear.
const link = String.raw`(?<![\p{L}\p{N}_])(?:(?:https?|ftp)://|mailto:|data:(?=[\w/+.\-]{1,64}[;,])|www\.)${urlCharacter}{1,${maxRun}}`;
const afterUnspaced = String.raw`(?<=[${unspaced}])(?:(?:https?|ftp)://|www\.)${urlCharacter}{1,${maxRun}}`;
const email = String.raw`(?<![\p{L}\p{N}_.+\-])[\w.+\-]{1,64}@[A-Za-z0-9](?:[\w\-]{0,62})(?:\.[\w\-]{1,63}){1,10}`;
const pattern = `${link}|${afterUnspaced}|${email}`;
const anyLink = new RegExp(pattern, 'giu');
const linkAtStart = new RegExp(`^(?:${pattern})`, 'iu');
const linkGoesOn = new RegExp(`^${urlCharacter}{1,${maxRun}}`, 'iu');

/** All bare URLs and e-mail addresses of a text, in order, without the punctuation that closes the sentence. */
export function findLinks(text: string): Span[] {
  const links: Span[] = [];
  if (!text.includes('@') && !text.includes(':') && !/www\./i.test(text)) return links;
  for (const match of text.matchAll(anyLink)) {
    const end = trimmedEnd(text, match.index, match.index + match[0].length);
    if (end > match.index) links.push({ start: match.index, end });
  }
  return links;
}

/** The length of the link with which a text begins, whatever closes it included; 0 where it begins otherwise. */
export function linkLength(text: string): number {
  let length = linkAtStart.exec(text)?.[0].length ?? 0;
  for (let step = length; step > 0; length += step) {
    step = linkGoesOn.exec(text.slice(length, length + maxRun))?.[0].length ?? 0;
  }
  return length;
}

/** A function that gives the end of the URL or e-mail address that begins at an offset, else -1. */
export function createLinkScanner(): (text: string, offset: number) => number {
  const sticky = new RegExp(pattern, 'iuy');
  return (text, offset) => {
    sticky.lastIndex = offset;
    const match = sticky.exec(text);
    const end = match ? trimmedEnd(text, offset, offset + match[0].length) : -1;
    return end > offset ? end : -1;
  };
}

const schemeOnly = /^(?:(?:https?|ftp):\/\/|mailto:|data:(?=[\w/+.-]{1,64}[;,])|www\.?)$/i;

/** Leaves out trailing punctuation and closing parentheses that were not opened inside. */
function trimmedEnd(text: string, start: number, from: number): number {
  let unopened = 0;
  for (let index = start; index < from; index++) {
    if (text[index] === '(') unopened--;
    else if (text[index] === ')') unopened++;
  }
  let end = from;
  for (; end > start; end--) {
    const last = text[end - 1] as string;
    if (last === ')' && unopened > 0) unopened--;
    else if (!/[?!.,:;*_~'|]/.test(last)) break;
  }
  return schemeOnly.test(text.slice(start, end)) || /^(?:https?|ftp|mailto)$/i.test(text.slice(start, end))
    ? start
    : end;
}
