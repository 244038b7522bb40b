import { type MappedText, MappedTextBuilder } from '../mappedText';
import type { Span } from '../span';

const escaped = /\\(?:u([\dA-Fa-f]{4})|(.))/gs;

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: ' ', f: '\n' };

/**
 * What strings of JSON say, one behind the other.
 *
 * @param strings with their quotes.
 * @returns with a map relative to the start of the first one.
 */
export function jsonText(source: string, strings: readonly Span[]): MappedText {
  const builder = new MappedTextBuilder(source, strings[0]?.start ?? 0);
  for (const { start, end } of strings) {
    const content = { start: start + 1, end: source[end - 1] === '"' && end - start > 1 ? end - 1 : end };
    let at = content.start;
    for (const match of source.slice(content.start, content.end).matchAll(escaped)) {
      const [found, code, sign = ''] = match;
      const from = content.start + match.index;
      builder.copy(at, from);
      at = from + found.length;
      builder.replace(
        from,
        at,
        code === undefined ? (letters[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
      );
    }
    builder.copy(at, content.end);
  }
  return builder.build();
}
