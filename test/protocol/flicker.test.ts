import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EditorModel } from './editorModel';
import { TestClient } from './testClient';

const paragraphs = Array.from({ length: 12 }, (_, index) => `Ada lives in house ${index} of Berlin.`);

const step = fc.record({
  paragraph: fc.nat(paragraphs.length - 1),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(4),
  insert: fc.constantFrom('', 'a', 'Ada', ' ', '. ', '\n', '😀', '巴黎', '*', '`', '[', '$'),
  /** Whether the engine may answer before the next edit. */
  answers: fc.boolean(),
});

it('no mark of a paragraph that nobody touched vanishes or jumps, not for a moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const client = await TestClient.start();
      const editor = await EditorModel.open(client, `${paragraphs.join('\n\n')}\n`);
      editor.receive();
      const untouched = new Set(paragraphs);
      let looks = 0;
      editor.onShown = () => {
        looks++;
        const shown = new Set(editor.marks.map(({ start, end, type }) => `${type} ${start} ${end}`));
        for (const paragraph of untouched) {
          const start = editor.text.indexOf(paragraph);
          const end = start + paragraph.length - 1;
          expect(shown).toContain(`PER ${start} ${start + 3}`);
          expect(shown).toContain(`LOC ${end - 6} ${end}`);
        }
      };
      client.engine.isHeld = true;
      for (const { paragraph: index, at, remove, insert, answers } of steps) {
        if (answers) {
          client.engine.release();
          await client.roundTrip();
          editor.receive();
        }
        const paragraph = paragraphs[index] ?? '';
        // What was touched before may be anywhere; then another one is touched for the first time.
        if (!untouched.delete(paragraph)) continue;
        const start = editor.text.indexOf(paragraph) + Math.floor(at * (paragraph.length - 4));
        await editor.edit({ start, end: start + remove, text: insert });
      }
      client.engine.isHeld = false;
      client.engine.release();
      await editor.settle();
      if (steps.length > 0) expect(looks).toBeGreaterThan(0);
      await client.stop();
    }),
    { numRuns: 100 },
  );
});
