import { GenerationCache } from '../core/cache/generationCache';
import type { WordCandidate } from '../core/tasks/results';
import { fitCase } from '../core/text/letterCase';
import { withMaskToken } from '../core/text/maskTokens';
import type { FillMaskCandidate } from '../protocol/protocol';
import type { DocumentSession } from '../scheduling/documentSession';
import type { MaskTarget } from './fillMask';

/**
 * How many more candidates are asked for than shown, since punctuation, the word that already stands there and what
 * differs in case only are left out.
 */
const SURPLUS = 20;

/** Questions whose answers are kept: those of a sentence that someone is at work on. */
const KEPT = 64;

/** Finds words for masks, as a person wants them; what was asked lately is not asked of the model again. */
export class WordSuggestions {
  readonly #found = new GenerationCache<string, readonly WordCandidate[]>(KEPT);

  /** @returns best first, as they are to be written at their place. */
  async find(session: DocumentSession, target: MaskTarget): Promise<readonly FillMaskCandidate[]> {
    const { text } = target.sentence.sentence;
    const { inText, prefix } = target;
    const before = text.slice(0, inText.start);
    const replaced = target.isMaskToken ? undefined : text.slice(inText.start, inText.end);
    const wanted = session.settings['fillMask.candidates'];
    const candidates = await this.#ask(session, before, text.slice(inText.end), prefix, wanted + SURPLUS);
    const words = candidates
      .filter((candidate) => target.isMaskToken || /[\p{L}\p{N}]/u.test(candidate.text))
      .map((candidate) => ({
        text: fitCase(candidate.text, { replaced, before, prefix }),
        score: candidate.score,
      }))
      .filter((candidate) => candidate.text.trim() !== '' && candidate.text !== replaced);
    // One word may be in the vocabulary in several spellings; the best comes first.
    const distinct = new Map<string, FillMaskCandidate>();
    for (const word of words) if (!distinct.has(word.text)) distinct.set(word.text, word);
    return [...distinct.values()].slice(0, wanted);
  }

  async #ask(
    { engines, settings }: DocumentSession,
    before: string,
    after: string,
    prefix: string,
    topK: number,
  ): Promise<readonly WordCandidate[]> {
    const { engine, model } = engines.fillMask;
    const [left, right] = [withMaskToken(before, model.maskToken), withMaskToken(after, model.maskToken)];
    const text = `${left.text}${model.maskToken}${right.text}`;
    const words = settings['fillMask.words'];
    const options = {
      mask: left.masks.length,
      topK,
      ...(prefix !== '' && { prefix }),
      ...(words.length > 0 && { words }),
    };
    const key = JSON.stringify([model.id, model.revision, text, options]);
    const known = this.#found.get(key);
    if (known) return known;
    const found = await engine.fillWords(text, options);
    this.#found.set(key, found);
    return found;
  }
}
