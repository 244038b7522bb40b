import { finishEmbedded } from '../embedded';
import { isIdentifier } from '../identifiers';
import { PlainTextExtractor } from '../plainText';
import type { PlacedBlock } from '../prose';
import { type Span, shiftSpan } from '../span';
import { UnitExtractor } from '../unitExtractor';
import type { Unit, Units } from '../units';
import { jsonText } from './jsonText';
import { nextJsonToken } from './jsonTokens';

export interface FieldOptions {
  /** Names of the fields of which the strings are prose, whatever object they are in; `*` stands for all. */
  readonly fields: readonly string[];
}

interface JsonUnit extends Unit {
  readonly strings: readonly Span[];
}

/** A stretch without prose of whole tokens is at least so long. */
const stretch = 1_000;

/** Deeper values are not told apart. */
const maxDepth = 200;

/*
 * What a value may stand in, as a state: a sign for each level, of an object, of an array, and of an array of which
 * the strings are prose. At the end of it, whether the next value is that of a chosen field.
 */
const object = 'o';
const array = 'a';
const chosenArray = 'A';
const isChosen = '+';

/** Finds strings in chosen fields of JSON, or of one JSON value a line. */
export class JsonExtractor extends UnitExtractor<JsonUnit> {
  constructor({ fields }: FieldOptions, hasValuePerLine: boolean) {
    const chosen = new Set(fields);
    const plainText = new PlainTextExtractor();
    super((text) => ({
      next: jsonUnits(text, (name) => chosen.has(name) || chosen.has('*'), hasValuePerLine),
      extract: ({ strings }) => strings.flatMap((string) => stringBlocks(text, string, plainText)),
    }));
  }
}

function jsonUnits(
  text: string,
  isChosenField: (name: string) => boolean,
  hasValuePerLine: boolean,
): Units<PlacedBlock, JsonUnit>['next'] {
  return (offset, before = '') => {
    if (offset >= text.length) return undefined;
    const strings: Span[] = [];
    let state = before;
    let name: Span | undefined;
    for (let at = offset; ; ) {
      const token = nextJsonToken(text, at);
      if (!token || token.end === text.length) at = text.length;
      else at = token.end;
      switch (token?.sign) {
        case '{':
          state = open(state, object);
          break;
        case '[':
          state = open(state, state === '' || isProse(state) ? chosenArray : array);
          break;
        case '}':
        case ']':
          state = withoutChoice(state).slice(0, -1);
          break;
        case ',':
          state = withoutChoice(state);
          break;
        case ':':
          if (name && state.endsWith(object) && isChosenField(text.slice(name.start + 1, name.end - 1))) {
            state += isChosen;
          }
          break;
        case '"':
          name = token;
          if (isProse(state)) strings.push(token as Span);
          break;
        case '\n':
          if (hasValuePerLine) state = '';
          break;
      }
      if (at === text.length)
        return { start: offset, end: at, reach: Number.POSITIVE_INFINITY, state, strings };
      // Between a name and its value is no place to stop; behind prose is one that an edit elsewhere does not move.
      if ((strings.length > 0 || at - offset >= stretch) && /[,{}[\n]/.test(token?.sign ?? '')) {
        return { start: offset, end: at, reach: at + 1, state, strings };
      }
    }
  };
}

const isProse = (state: string): boolean => state.endsWith(isChosen) || state.endsWith(chosenArray);

const withoutChoice = (state: string): string => (state.endsWith(isChosen) ? state.slice(0, -1) : state);

const open = (state: string, kind: string): string =>
  state.length < maxDepth ? withoutChoice(state) + kind : state;

function stringBlocks(text: string, string: Span, plainText: PlainTextExtractor): PlacedBlock[] {
  const content = jsonText(text, [string]);
  if (isIdentifier(content.text)) return [];
  return finishEmbedded(content, plainText).map(({ block, ...span }) => ({
    ...shiftSpan(span, string.start),
    block,
  }));
}
