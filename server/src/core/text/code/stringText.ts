import { type MappedText, MappedTextBuilder } from '../mappedText';
import { GAP } from '../prose';
import type { Span } from '../span';

/** What begins and ends strings in any language that we know. */
const opening =
  /^(?:<<[~-]?['"]?\w+['"]?[^\r\n]*|<<<[^\r\n]*|[@$a-z]{0,3}#*(?:"""|'''|''|"|'|`|@"|@')|\$\w*\$|\[=*\[)/i;
const closing = /(?:"""|'''|''|"|'|`)#*$|"@$|'@$|\$\w*\$$|\]=*\]$|[\r\n][ \t]*\w+$/;
const maxDelimiter = 40;

/** Strings in which nothing is an escape. */
const raw = /^(?:[bcuf]?r|@|\$@|'@|\[)/i;

/** Escapes, and what a program fills in. */
const special =
  /\\(?:u\{[\dA-Fa-f]{1,6}\}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|x[\dA-Fa-f]{2}|\r\n|.)|\$\{[^{}]*\}|#\{[^{}]*\}|\{\{?[\w.:!, -]*\}?\}|%(?:\(\w+\))?[-+0#]?\d*(?:\.\d+)?[sdifuxgeb@]\b/gsu;

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * What a string says, if it is text for readers: at least two words, or a character of a script without blanks.
 *
 * @returns with a map relative to the start of the string; undefined for names, keys and paths.
 */
export function stringText(text: string, { start, end }: Span): MappedText | undefined {
  const head = opening.exec(text.slice(start, Math.min(end, start + maxDelimiter)))?.[0].length ?? 0;
  const from = start + head;
  const tail = closing.exec(text.slice(Math.max(from, end - maxDelimiter), end))?.[0].length ?? 0;
  const to = Math.max(from, end - tail);
  const content = text.slice(from, to);
  const builder = new MappedTextBuilder(text, start);
  const isRaw = raw.test(text.slice(start, start + 3));
  let at = from;
  for (const match of content.matchAll(special)) {
    const [found] = match;
    if (isRaw && found.startsWith('\\')) continue;
    builder.copy(at, from + match.index);
    at = from + match.index + found.length;
    builder.replace(from + match.index, at, found.startsWith('\\') ? decodeEscape(found) : GAP);
  }
  builder.copy(at, to);
  const built = builder.build();
  return isReadable(built.text) ? built : undefined;
}

const word = /(?<![^\s"'“‘(«])\p{L}[\p{L}\p{M}'’]+(?=$|[\s.,;:!?…"'”’)»])/gu;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

const isReadable = (text: string): boolean => unspaced.test(text) || (text.match(word)?.length ?? 0) > 1;

function decodeEscape(found: string): string {
  const [, code] = /^\\[uUx]\{?([\dA-Fa-f]+)\}?$/.exec(found) ?? [];
  if (code !== undefined) {
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : GAP;
  }
  const escaped = found.slice(1);
  if (/[\r\n]/.test(escaped)) return '';
  return simpleEscapes[escaped] ?? (/[a-z\d]/i.test(escaped) ? ' ' : escaped);
}
