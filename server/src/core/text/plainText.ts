import { type ChangedRange, composeEdits, isConsistent, lowerBound } from './edits';
import { extractParagraph, nextParagraph, type Paragraph } from './plainParagraphs';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { movedBlock } from './proseBlock';

/** Characters extracted in one step. */
const extractStep = 10_000;
/** Paragraphs taken over in one step. */
const reuseStep = 5_000;

interface ExtractedParagraph extends Paragraph {
  readonly blocks: readonly PlacedBlock[];
}

/** What a finished update leaves for the next one. */
interface State {
  readonly length: number;
  readonly paragraphs: readonly ExtractedParagraph[];
}

/** Takes all text for prose, in paragraphs that empty lines and hard line breaks end. */
export class PlainTextExtractor implements ProseExtractor {
  #state: State | undefined;
  /** Tells an update that another one was started since. */
  #run = 0;

  *update(text: string, edits?: readonly TextEdit[]): Generator<void, readonly PlacedBlock[]> {
    const run = ++this.#run;
    const previous = this.#state;
    this.#state = undefined;
    const changes = previous && edits && composeEdits(edits);
    const paragraphs: ExtractedParagraph[] =
      changes && isConsistent(previous.length, changes, text.length)
        ? yield* reextract(text, previous.paragraphs, changes)
        : yield* extractAll(text);
    if (run === this.#run) this.#state = { length: text.length, paragraphs };
    return paragraphs.flatMap((paragraph) => paragraph.blocks);
  }
}

function* extractAll(text: string): Generator<void, ExtractedParagraph[]> {
  const paragraphs: ExtractedParagraph[] = [];
  let pausedAt = 0;
  for (let next = nextParagraph(text, 0); next; next = nextParagraph(text, next.end)) {
    paragraphs.push(extract(text, next));
    if (next.end - pausedAt < extractStep) continue;
    pausedAt = next.end;
    yield;
  }
  return paragraphs;
}

/**
 * A paragraph depends on the text from its start to its reach only. So the old ones stay that end their reach
 * before a change, and behind it all from the first one on at whose start a new one would begin, too.
 */
function* reextract(
  text: string,
  old: readonly ExtractedParagraph[],
  changes: readonly ChangedRange[],
): Generator<void, ExtractedParagraph[]> {
  const paragraphs: ExtractedParagraph[] = [];
  /** The first old paragraph that is not dealt with. */
  let index = 0;
  /** How far the new text is dealt with, and how far it is shifted there. */
  let at = 0;
  let by = 0;
  for (const [number, change] of changes.entries()) {
    const kept = lowerBound(old.length, (candidate) => (old[candidate] as Paragraph).reach > change.fromA);
    while (index < kept) {
      const paragraph = moved(old[index++] as ExtractedParagraph, by);
      paragraphs.push(paragraph);
      at = paragraph.end;
      if (index % reuseStep === 0) yield;
    }
    by = change.toB - change.toA;
    const nextChange = changes[number + 1];
    let pausedAt = at;
    for (;;) {
      const next = nextParagraph(text, at);
      if (!next) return paragraphs;
      while (index < old.length && (old[index] as Paragraph).start + by < next.start) index++;
      const candidate = old[index];
      const isUntouched =
        next.start >= change.toB && candidate !== undefined && candidate.start + by === next.start;
      if (isUntouched && (!nextChange || candidate.reach <= nextChange.fromA)) break;
      if (nextChange && next.reach > nextChange.fromB) break;
      paragraphs.push(extract(text, next));
      at = next.end;
      if (at - pausedAt < extractStep) continue;
      pausedAt = at;
      yield;
    }
  }
  while (index < old.length) {
    paragraphs.push(moved(old[index++] as ExtractedParagraph, by));
    if (index % reuseStep === 0) yield;
  }
  return paragraphs;
}

const extract = (text: string, paragraph: Paragraph): ExtractedParagraph => ({
  ...paragraph,
  blocks: extractParagraph(text, paragraph).map((block) => movedBlock(block, paragraph.start)),
});

function moved(paragraph: ExtractedParagraph, by: number): ExtractedParagraph {
  if (by === 0) return paragraph;
  return {
    start: paragraph.start + by,
    end: paragraph.end + by,
    reach: paragraph.reach + by,
    blocks: paragraph.blocks.map((block) => movedBlock(block, by)),
  };
}
