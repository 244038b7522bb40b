import { GenerationCache } from '../core/cache/generationCache';
import type { WordOptions } from '../core/ports';
import { hasControls } from '../core/surfaces/controls';
import type { WordCandidate } from '../core/tasks/results';
import { fitCase } from '../core/text/letterCase';
import { withMaskToken } from '../core/text/maskTokens';
import { type FillMaskCandidate, mostListedNames } from '../protocol/fillMask';
import type { DocumentSession } from '../scheduling/documentSession';
import type { MaskTarget } from './maskTarget';

/**
 * How many more candidates are asked for than shown, since punctuation, the word that already stands there and what
 * differs in case only are left out.
 */
const SURPLUS = 20;

/** Questions whose answers are kept: those of a sentence that someone is at work on. */
const KEPT = 64;

export interface SuggestionOptions {
  /** Only these, instead of the words of the setting; of those that begin as was typed the first `mostListedNames`. */
  readonly names?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface Suggestions {
  /** Best first, as they are to be written at their places. */
  readonly candidates: readonly FillMaskCandidate[];
  /** Names that begin as was typed and were not looked at. */
  readonly leftOut: number;
}

/** Finds words for masks, as a person wants them; what was asked lately is not asked of the model again. */
export class WordSuggestions {
  readonly #found = new GenerationCache<string, readonly WordCandidate[]>(KEPT);
  readonly #listIds = new WeakMap<readonly string[], number>();
  #lastListId = 0;

  async find(
    session: DocumentSession,
    target: MaskTarget,
    { names, signal }: SuggestionOptions = {},
  ): Promise<Suggestions> {
    const settings = session.settings;
    const words = settings['fillMask.words'];
    const list = names ?? (words.length > 0 ? words : undefined);
    const listed = list?.filter(beginsAsTyped(target));
    const found =
      listed?.length === 0
        ? []
        : await this.#ask(session, target, {
            topK: settings['fillMask.candidates'] + SURPLUS,
            list,
            words: listed?.slice(0, mostListedNames),
            signal,
          });
    return {
      candidates: toShown(found, target).slice(0, settings['fillMask.candidates']),
      leftOut: Math.max(0, (listed?.length ?? 0) - mostListedNames),
    };
  }

  /** @param list where `words` come from: the key of the answer holds its identity in place of all of them. */
  async #ask(
    { engines }: DocumentSession,
    target: MaskTarget,
    {
      topK,
      list,
      words,
      signal,
    }: Pick<WordOptions, 'topK' | 'words'> & {
      readonly list: readonly string[] | undefined;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<readonly WordCandidate[]> {
    const { engine, model } = engines.fillMask;
    const { text, masks } = toQuestion(target, model.maskToken);
    const key = JSON.stringify([model.id, model.revision, text, masks, topK, this.#idOf(list)]);
    const known = this.#found.get(key);
    if (known) return known;
    const found = await engine.fillWords(text, {
      masks,
      topK,
      ...(words && { words }),
      ...(signal && { signal }),
    });
    this.#found.set(key, found);
    return found;
  }

  #idOf(list: readonly string[] | undefined): number | undefined {
    if (!list) return undefined;
    const id = this.#listIds.get(list) ?? ++this.#lastListId;
    this.#listIds.set(list, id);
    return id;
  }
}

/** The sentence with the model's own masks, and which of them are asked for. */
function toQuestion(
  { sentence, places }: MaskTarget,
  maskToken: string,
): Pick<WordOptions, 'masks'> & { readonly text: string } {
  const given = sentence.sentence.text;
  const masks: { index: number; prefix?: string }[] = [];
  let [text, count, end] = ['', 0, 0];
  const add = (between: string): void => {
    const masked = withMaskToken(between, maskToken);
    text += masked.text;
    count += masked.masks.length;
  };
  for (const { inText, prefix } of places) {
    add(given.slice(end, inText.start));
    masks.push({ index: count++, ...(prefix !== '' && { prefix }) });
    text += maskToken;
    end = inText.end;
  }
  add(given.slice(end));
  return { text, masks };
}

function beginsAsTyped({ places }: MaskTarget): (word: string) => boolean {
  const prefixes = places.map(({ prefix }) => prefix.toLowerCase());
  return (word) => prefixes.some((prefix) => word.toLowerCase().startsWith(prefix));
}

/** Words as they are to be written, without those that nobody wants to see. */
function toShown(
  found: readonly WordCandidate[],
  { sentence, places, areMaskTokens }: MaskTarget,
): readonly FillMaskCandidate[] {
  const { text } = sentence.sentence;
  const replaced = areMaskTokens ? [] : places.map(({ inText }) => text.slice(inText.start, inText.end));
  const isWanted = (word: string): boolean =>
    areMaskTokens ? word.trim() !== '' : /[\p{L}\p{N}]/u.test(word);
  // One word may be in the vocabulary in several spellings; the best comes first.
  const distinct = new Map<string, FillMaskCandidate>();
  for (const { texts: words, score } of found) {
    // What is written is what was seen in the list.
    if (!words.every(isWanted) || words.some(hasControls)) continue;
    const texts = words.map((word, i) =>
      fitCase(word, {
        replaced: replaced[i],
        before: text.slice(0, places[i]?.inText.start),
        prefix: places[i]?.prefix ?? '',
      }),
    );
    const key = texts.join('\n');
    if (key !== replaced.join('\n') && !distinct.has(key)) distinct.set(key, { texts, score });
  }
  return [...distinct.values()];
}
