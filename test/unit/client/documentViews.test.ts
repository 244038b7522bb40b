import { expect, test } from 'vitest';
import { changedViews, type EditorView, mergeViews } from '../../../client/src/view/documentViews';
import type { ViewParams } from '../../../server/src/protocol/protocol';

const editor = (view: Partial<EditorView>): EditorView => ({
  uri: 'file:///a.md',
  version: 1,
  active: false,
  visible: [],
  cursor: 0,
  ...view,
});

const told = (...views: ViewParams[]) => new Map(views.map((view) => [view.uri, view]));

const a: ViewParams = {
  uri: 'file:///a.md',
  version: 1,
  active: true,
  visible: [{ start: 0, end: 9 }],
  cursor: 3,
};
const b: ViewParams = { uri: 'untitled:b', version: 5, active: false, visible: [{ start: 2, end: 4 }] };

test('a split editor is one view with the cursor of the active side', () => {
  const views = mergeViews([
    editor({ visible: [{ start: 50, end: 90 }], cursor: 60 }),
    editor({
      active: true,
      visible: [
        { start: 0, end: 20 },
        { start: 20, end: 30 },
      ],
      cursor: 7,
    }),
    editor({ visible: [{ start: 10, end: 40 }], cursor: 11 }),
  ]);
  expect([...views.values()]).toEqual([
    {
      uri: 'file:///a.md',
      version: 1,
      active: true,
      visible: [
        { start: 0, end: 40 },
        { start: 50, end: 90 },
      ],
      cursor: 7,
    },
  ]);
});

test('an editor that is not active has no cursor that counts', () => {
  expect([...mergeViews([editor({ visible: [{ start: 2, end: 4 }], cursor: 3 })]).values()]).toEqual([
    { uri: 'file:///a.md', version: 1, active: false, visible: [{ start: 2, end: 4 }] },
  ]);
});

test('everything is news to a server that was told nothing', () => {
  expect(changedViews(told(), told(a, b))).toEqual([a, b]);
});

test('the same view in a new version is no news, a moved cursor is', () => {
  expect(changedViews(told(a, b), told({ ...a, version: 2 }, b))).toEqual([]);
  expect(changedViews(told(a, b), told({ ...a, version: 2, cursor: 4 }, b))).toEqual([
    { ...a, version: 2, cursor: 4 },
  ]);
  expect(changedViews(told(a), told({ ...a, visible: [{ start: 0, end: 10 }] }))).toEqual([
    { ...a, visible: [{ start: 0, end: 10 }] },
  ]);
});

test('a document that is no longer seen is left once, before what is seen now', () => {
  const left: ViewParams = { uri: a.uri, version: 1, active: false, visible: [] };
  expect(changedViews(told(a), told(b))).toEqual([left, b]);
  expect(changedViews(told(left, b), told(b))).toEqual([]);
});
