import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextEdit } from '../../server/src/core/text/prose';
import { EditorModel, showAfresh } from './editorModel';
import { TestClient } from './testClient';

/** Pieces that make and break blocks, sentences and names when they are put anywhere. */
const snippets = [
  'Ada',
  'Berlin',
  '我爱巴黎。',
  'باريس',
  ' ',
  '. ',
  '\n',
  '\n\n',
  '\r\n',
  '# ',
  '- ',
  '> ',
  '```\n',
  '`',
  '**',
  '[a](b)',
  '<b>',
  '😀',
  '\u0301',
  'lovely',
  'terrible',
  '|a|b|\n|-|-|\n',
  'Ada met Ada. Berlin is big.\n\n',
];
const document = fc.array(fc.constantFrom(...snippets), { maxLength: 30 }).map((parts) => parts.join(''));

interface Step {
  /** Where, as a share of the text. */
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
  /** Whether the engine may answer before the next edit. */
  readonly answers: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 12 }),
  insert: fc.array(fc.constantFrom(...snippets), { maxLength: 3 }).map((parts) => parts.join('')),
  answers: fc.boolean(),
});

const toEdit = (text: string, { at, remove, insert }: Step): TextEdit => {
  const start = Math.floor(at * text.length);
  return { start, end: Math.min(text.length, start + remove), text: insert };
};

describe('after any edits, with answers early or late', () => {
  it.each(['markdown', 'plaintext'])(
    'the client shows what a fresh analysis gives: %s',
    async (languageId) => {
      await fc.assert(
        fc.asyncProperty(document, fc.array(step, { maxLength: 8 }), async (original, steps) => {
          const client = await TestClient.start();
          client.engine.isHeld = true;
          const editor = await EditorModel.open(client, original, languageId);
          for (const next of steps) {
            if (next.answers) {
              client.engine.release();
              await client.roundTrip();
            }
            const edit = toEdit(editor.text, next);
            // A position between CR and LF does not exist in LSP: the client would send another edit.
            if (splitsLineBreak(editor.text, edit.start) || splitsLineBreak(editor.text, edit.end)) continue;
            await editor.edit(edit);
          }
          client.engine.isHeld = false;
          client.engine.release();
          await editor.settle();
          expect(editor.shown()).toEqual(await showAfresh(editor.text, languageId));
          await client.stop();
        }),
        { numRuns: 150 },
      );
    },
  );
});

const splitsLineBreak = (text: string, offset: number): boolean =>
  text[offset - 1] === '\r' && text[offset] === '\n';
