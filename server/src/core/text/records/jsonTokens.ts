import type { Span } from '../span';

/** A string with its quotes, a sign of punctuation, or a line break, told by the first character. */
export interface JsonToken extends Span {
  readonly sign: string;
}

const token = /["{}[\],:\n]/g;
const stringStop = /["\\\r\n]/g;

/** The first token at or behind an offset; numbers and names are passed over. A string ends with its line at the latest. */
export function nextJsonToken(text: string, offset: number): JsonToken | undefined {
  token.lastIndex = offset;
  const match = token.exec(text);
  if (!match) return undefined;
  const start = match.index;
  const [sign] = match;
  return { sign, start, end: sign === '"' ? stringEnd(text, start + 1) : start + 1 };
}

function stringEnd(text: string, from: number): number {
  stringStop.lastIndex = from;
  for (let stop = stringStop.exec(text); stop; stop = stringStop.exec(text)) {
    if (stop[0] === '"') return stop.index + 1;
    if (stop[0] !== '\\') return stop.index;
    stringStop.lastIndex = stop.index + 2;
  }
  return text.length;
}
