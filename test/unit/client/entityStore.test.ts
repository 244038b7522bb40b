import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntityStore } from '../../../client/src/entities/entityStore';
import { applyEdits } from '../../../server/src/core/text/edits';
import type { TextEdit } from '../../../server/src/core/text/prose';
import type { EntityMark } from '../../../server/src/protocol/protocol';

/** A mark on the first occurrence of a name. */
function mark(text: string, name: string, type: string, score = 0.9): EntityMark {
  const start = text.indexOf(name);
  expect(start).toBeGreaterThanOrEqual(0);
  return { start, end: start + name.length, type, score };
}

const whole = (text: string, entities: readonly EntityMark[]) => [{ start: 0, end: text.length, entities }];

const replaceIn = (text: string, old: string, fresh: string): TextEdit => {
  const start = text.indexOf(old);
  return { start, end: start + old.length, text: fresh };
};

/** What the marks of a store say of a text: its names and their types. */
const shown = (store: EntityStore, text: string) =>
  store.marks.map(({ start, end, type }) => `${text.slice(start, end)}/${type}`);

const berlin = 'Ada 🧮 lives in Berlin. 李白 wrote in 长安.\r\nنجيب محفوظ من القاهرة.';
const berlinMarks = [
  mark(berlin, 'Ada', 'PER'),
  mark(berlin, 'Berlin', 'LOC'),
  mark(berlin, '李白', 'PER'),
  mark(berlin, '长安', 'LOC'),
  mark(berlin, 'نجيب محفوظ', 'PER'),
  mark(berlin, 'القاهرة', 'LOC'),
];

function berlinStore(version = 1): EntityStore {
  const store = new EntityStore(version);
  store.apply({ version, regions: whole(berlin, berlinMarks) });
  return store;
}

test('a new store is empty, and an empty region changes nothing', () => {
  const store = new EntityStore(7);
  expect(store.marks).toEqual([]);
  expect(store.apply({ version: 7, regions: [{ start: 0, end: 0, entities: [] }] })).toEqual(new Set());
});

test('results are kept in order and name the types to draw', () => {
  const store = new EntityStore(1);
  expect(store.apply({ version: 1, regions: whole(berlin, berlinMarks) })).toEqual(new Set(['PER', 'LOC']));
  expect(store.marks).toEqual(berlinMarks);
});

test('the same results again, or with other scores, are nothing to draw', () => {
  const store = berlinStore();
  const again = berlinMarks.map((entity) => ({ ...entity, score: 0.7 }));
  expect(store.apply({ version: 1, regions: whole(berlin, again) })).toEqual(new Set());
  expect(store.marks).toEqual(again);
});

test('a region replaces its own marks and leaves those outside of it', () => {
  const store = berlinStore();
  const sentence = { start: berlin.indexOf('李白'), end: berlin.indexOf('\r\n') };
  const works = mark(berlin, '李白', 'MISC');
  expect(store.apply({ version: 1, regions: [{ ...sentence, entities: [works] }] })).toEqual(
    new Set(['PER', 'MISC', 'LOC']),
  );
  expect(shown(store, berlin)).toEqual([
    'Ada/PER',
    'Berlin/LOC',
    '李白/MISC',
    'نجيب محفوظ/PER',
    'القاهرة/LOC',
  ]);
});

test('several regions of one message are replaced each by itself', () => {
  const store = berlinStore();
  const regions = [
    { start: 0, end: 5, entities: [] },
    { start: berlin.indexOf('长安'), end: berlin.length, entities: [mark(berlin, 'القاهرة', 'ORG')] },
  ];
  expect(store.apply({ version: 1, regions })).toEqual(new Set(['PER', 'LOC', 'ORG']));
  expect(shown(store, berlin)).toEqual(['Berlin/LOC', '李白/PER', 'القاهرة/ORG']);
});

test('a mark that only touches a region stays', () => {
  const store = new EntityStore(1);
  store.apply({ version: 1, regions: whole('AnnBob', [{ start: 0, end: 3, type: 'PER', score: 1 }]) });
  expect(store.apply({ version: 1, regions: [{ start: 3, end: 6, entities: [] }] })).toEqual(new Set());
  expect(shown(store, 'AnnBob')).toEqual(['Ann/PER']);
});

test('marks move with the text, and grow with what is typed inside of them', () => {
  const store = berlinStore();
  const edits = [
    { start: 0, end: 0, text: '👋🏽 ' },
    { start: berlin.indexOf('Berlin') + 5 + 3, end: berlin.indexOf('Berlin') + 5 + 3, text: 'i' },
  ];
  store.edit(2, edits);
  expect(shown(store, applyEdits(berlin, edits))).toEqual([
    'Ada/PER',
    'Berilin/LOC',
    '李白/PER',
    '长安/LOC',
    'نجيب محفوظ/PER',
    'القاهرة/LOC',
  ]);
});

test('the type of a mark that an edit removed is drawn with the next results', () => {
  const store = berlinStore();
  const edit = replaceIn(berlin, 'Ada', '');
  store.edit(2, [edit]);
  const text = applyEdits(berlin, [edit]);
  expect(
    store.apply({ version: 2, regions: [{ start: text.length, end: text.length, entities: [] }] }),
  ).toEqual(new Set(['PER']));
  expect(store.apply({ version: 2, regions: [] })).toEqual(new Set());
});

test('results for an older version are carried through the edits made since', () => {
  const store = new EntityStore(4);
  const edits = [replaceIn(berlin, 'Ada', 'Lady Ada'), { start: 0, end: 0, text: '\r\n\r\n' }];
  store.edit(5, edits);
  // The mark that the edit replaced is gone; what else the server said of that region stands.
  const split = berlin.indexOf('李白');
  const regions = [
    { start: 0, end: split, entities: berlinMarks.slice(0, 2) },
    { start: split, end: berlin.length, entities: berlinMarks.slice(2) },
  ];
  expect(store.apply({ version: 4, regions })).toEqual(new Set(['PER', 'LOC']));
  expect(shown(store, applyEdits(berlin, edits))).toEqual([
    'Berlin/LOC',
    '李白/PER',
    '长安/LOC',
    'نجيب محفوظ/PER',
    'القاهرة/LOC',
  ]);
});

test('typing right behind a region does not touch it', () => {
  const store = new EntityStore(1);
  store.edit(2, [{ start: 4, end: 4, text: ' And' }]);
  store.apply({
    version: 1,
    regions: [{ start: 0, end: 4, entities: [{ start: 0, end: 3, type: 'PER', score: 1 }] }],
  });
  expect(shown(store, 'Ann. And')).toEqual(['Ann/PER']);
});

test('results for a version before the document was opened, or still to come, are ignored', () => {
  const store = berlinStore(3);
  expect(store.apply({ version: 2, regions: whole(berlin, []) })).toEqual(new Set());
  expect(store.apply({ version: 4, regions: whole(berlin, []) })).toEqual(new Set());
  expect(store.marks).toEqual(berlinMarks);
});

test('the log of edits is bounded: results from before it are ignored', () => {
  const store = new EntityStore(0);
  for (let version = 1; version <= 2_500; version++) store.edit(version, [{ start: 0, end: 0, text: '.' }]);
  const ann = (start: number) => [
    { start, end: start + 3, entities: [{ start, end: start + 3, type: 'PER', score: 1 }] },
  ];
  store.apply({ version: 499, regions: ann(499) });
  expect(store.marks).toEqual([]);
  store.apply({ version: 500, regions: ann(500) });
  expect(store.marks).toEqual([{ start: 2_500, end: 2_503, type: 'PER', score: 1 }]);
});

test('a document that is not analysed any more loses its marks', () => {
  const store = berlinStore();
  expect(store.clear()).toEqual(new Set(['PER', 'LOC']));
  expect(store.marks).toEqual([]);
  expect(store.clear()).toEqual(new Set());
});

test('marks of an earlier server stand until the next one has finished without them', () => {
  const store = berlinStore();
  store.beginSession();
  expect(store.marks).toEqual(berlinMarks);
  const first = berlinMarks.slice(0, 1);
  expect(store.apply({ version: 1, regions: [{ start: 0, end: 10, entities: first }] })).toEqual(new Set());
  expect(store.marks).toEqual(berlinMarks);
  expect(store.settle()).toEqual(new Set(['PER', 'LOC']));
  expect(store.marks).toEqual(first);
  expect(store.settle()).toEqual(new Set());
});

/** Words of several scripts; every third one is an entity. */
const wordText = fc
  .array(fc.constantFrom('Ann', '😀', '北京', 'e\u0301', 'שלום', 'x'), { minLength: 1, maxLength: 30 })
  .map((words) => words.join(' '));

const editOf = (length: number): fc.Arbitrary<TextEdit> =>
  fc
    .tuple(fc.nat(length), fc.nat(length), fc.constantFrom('', 'z', ' 新', '🙂🙂', '\r\n'))
    .map(([a, b, text]) => ({ start: Math.min(a, b), end: Math.max(a, b), text }));

/** One region a word, as fine as results can be. */
function regionsOf(text: string) {
  return [...text.matchAll(/\S+/gu)].map((match) => {
    const span = { start: match.index, end: match.index + match[0].length };
    return { ...span, entities: [{ ...span, type: match[0], score: 1 }] };
  });
}

test('property: results that come late end where they would be had they come in time', () => {
  fc.assert(
    fc.property(
      wordText.chain((text) => fc.tuple(fc.constant(text), fc.array(fc.gen(), { maxLength: 6 }), fc.nat(6))),
      ([original, generators, answered]) => {
        const texts = [original];
        const edits = generators.map((generate) => {
          const text = texts.at(-1) ?? '';
          const edit = generate(editOf, text.length);
          texts.push(applyEdits(text, [edit]));
          return edit;
        });
        const version = Math.min(answered, edits.length);
        const results = { version, regions: regionsOf(texts[version] ?? '') };
        const [early, late] = [new EntityStore(0), new EntityStore(0)];
        edits.forEach((edit, index) => {
          if (index === version) early.apply(results);
          for (const store of [early, late]) store.edit(index + 1, [edit]);
        });
        if (version === edits.length) early.apply(results);
        late.apply(results);
        expect(late.marks).toEqual(early.marks);
        if (version === edits.length) expect(late.marks).toHaveLength(results.regions.length);
      },
    ),
  );
});

test('property: marks stay in order and inside of the text', () => {
  fc.assert(
    fc.property(wordText, fc.array(fc.gen(), { maxLength: 8 }), (original, generators) => {
      const store = new EntityStore(0);
      store.apply({ version: 0, regions: regionsOf(original) });
      let text = original;
      generators.forEach((generate, index) => {
        const edit = generate(editOf, text.length);
        store.edit(index + 1, [edit]);
        if (generate(fc.boolean)) store.apply({ version: index, regions: regionsOf(text) });
        text = applyEdits(text, [edit]);
        let last = 0;
        for (const { start, end } of store.marks) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = end;
        }
      });
    }),
  );
});
