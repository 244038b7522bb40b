import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityStore } from '../../client/src/entities/entityStore';
import type { TextEdit } from '../../server/src/core/text/prose';
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

/** Line and character as LSP counts them, by a way that has nothing in common with the server's. */
const toPosition = (text: string, offset: number) => {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/u);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
};

/** What a client shows that saw nothing but this text. */
async function analyzeAfresh(text: string, languageId: string) {
  const client = await TestClient.start();
  const store = new EntityStore(1);
  await client.open(text, { languageId });
  for (const params of client.entities) store.apply(params);
  const diagnostics = client.lastDiagnostics('file:///a.md')?.diagnostics;
  await client.stop();
  return { marks: store.marks, diagnostics };
}

describe('after any edits, with answers early or late', () => {
  it.each(['markdown', 'plaintext'])(
    'the client shows what a fresh analysis gives: %s',
    async (languageId) => {
      await fc.assert(
        fc.asyncProperty(document, fc.array(step, { maxLength: 8 }), async (original, steps) => {
          const client = await TestClient.start();
          const store = new EntityStore(1);
          let applied = 0;
          const receive = () => {
            for (; applied < client.entities.length; applied++) {
              const params = client.entities[applied];
              if (params) store.apply(params);
            }
          };
          client.engine.isHeld = true;
          const uri = await client.open(original, { languageId });
          let text = original;
          let version = 1;
          for (const next of steps) {
            if (next.answers) {
              client.engine.release();
              await client.roundTrip();
              receive();
            }
            const edit = toEdit(text, next);
            // A position between CR and LF does not exist in LSP: the client would send another edit.
            if (splitsLineBreak(text, edit.start) || splitsLineBreak(text, edit.end)) continue;
            version++;
            await client.edit(uri, version, {
              range: { start: toPosition(text, edit.start), end: toPosition(text, edit.end) },
              text: edit.text,
            });
            text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
            store.edit(version, [edit]);
          }
          client.engine.isHeld = false;
          client.engine.release();
          await client.roundTrip();
          // A word may have been left unfinished.
          client.clock.advance(1_000);
          await client.complete(uri, version);
          receive();
          const fresh = await analyzeAfresh(text, languageId);
          expect(store.marks).toEqual(fresh.marks);
          expect(client.lastDiagnostics(uri)?.diagnostics).toEqual(fresh.diagnostics);
          await client.stop();
        }),
        { numRuns: 150 },
      );
    },
  );
});

const splitsLineBreak = (text: string, offset: number): boolean =>
  text[offset - 1] === '\r' && text[offset] === '\n';
