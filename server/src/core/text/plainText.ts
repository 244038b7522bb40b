import { type ChangedRange, composeEdits, isConsistent } from './edits';
import { extractParagraph, nextParagraph, type Paragraph } from './plainParagraphs';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { movedBlock } from './proseBlock';
import { blockCost, createStepCounter, reuseCost } from './steps';

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
  const isStepDone = createStepCounter();
  for (let next = nextParagraph(text, 0); next; next = nextParagraph(text, next.end)) {
    paragraphs.push(extract(text, next));
    if (isStepDone(next.end - next.start + blockCost)) yield;
  }
  return paragraphs;
}

/**
 * A paragraph depends on the text from its start to its reach only. So the old ones stay whose reach ends before
 * the next change, as long as a new one would begin where they do.
 */
function* reextract(
  text: string,
  old: readonly ExtractedParagraph[],
  changes: readonly ChangedRange[],
): Generator<void, ExtractedParagraph[]> {
  const paragraphs: ExtractedParagraph[] = [];
  /** The first old paragraph and the first change that are not dealt with. */
  let index = 0;
  let change = 0;
  /** How far the new text is dealt with, and how far the old paragraphs have moved there. */
  let at = 0;
  let by = 0;
  const keepsOld = (): boolean => {
    const paragraph = old[index];
    const next = changes[change];
    return paragraph !== undefined && (next === undefined || paragraph.reach <= next.fromA);
  };
  const isStepDone = createStepCounter();

  for (;;) {
    const next = nextParagraph(text, at);
    if (!next) return paragraphs;
    for (let passed = changes[change]; passed && passed.toB <= next.start; passed = changes[++change]) {
      by = passed.toB - passed.toA;
    }
    const isInsideChange = (changes[change]?.fromB ?? Number.POSITIVE_INFINITY) < next.start;
    while (!isInsideChange && index < old.length && (old[index] as Paragraph).start + by < next.start)
      index++;
    const isInStep = !isInsideChange && old[index] && (old[index] as Paragraph).start + by === next.start;
    if (isInStep && keepsOld()) {
      for (; keepsOld(); index++) {
        const paragraph = moved(old[index] as ExtractedParagraph, by);
        paragraphs.push(paragraph);
        at = paragraph.end;
        if (isStepDone(reuseCost)) yield;
      }
    } else {
      paragraphs.push(extract(text, next));
      at = next.end;
      if (isStepDone(next.end - next.start + blockCost)) yield;
    }
  }
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
