import { describe, expect, it } from 'vitest';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { itExtractsExactly } from './properties';
import { changedBlocks, finish, prose, texts } from './support';

const gap = '\uFFFC';

describe('subtitles', () => {
  it('have sentences that go on from cue to cue', () => {
    const srt = `1
00:00:01,000 --> 00:00:02,000
This sentence goes on
over <i>lines</i>

2
00:00:03,000 --> 00:00:04,000
and cues.

3
00:00:05,000 --> 00:00:06,000
- Who is there?
- Anna &amp; {\\an8}Bob.

4
00:00:07,000 --> 00:00:08,000
你好。
`;
    expect(prose('srt', srt.replaceAll('\n', '\r\n'))).toEqual([
      [
        'This sentence goes on over lines and cues. ← This sentence goes on\r\nover <i>lines</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nand cues.',
      ],
      ['Who is there?'],
      ['Anna & Bob. ← Anna &amp; {\\an8}Bob.'],
      ['你好。'],
    ]);
  });

  it('of the web have headers, notes and styles', () => {
    expect(
      texts(
        'vtt',
        'WEBVTT - no\nKind: no\n\nNOTE\nno\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Roger>Yes, <c.loud>it is</c>.',
      ),
    ).toEqual([['Yes, it is.']]);
  });
});

describe('mail', () => {
  it('has a subject and paragraphs, quoted or not', () => {
    const text = `From: Anna <anna@example.org>
Subject: A folded
 subject
X-No: no

Dear Bob,

> > Old text
> > goes on.
> The answer
I write to <bob@example.org>
in two lines.

- A point

--${' '}
Anna
no`;
    expect(texts('mail', text)).toEqual([
      ['A folded subject'],
      ['Dear Bob,'],
      ['Old text goes on.'],
      ['The answer'],
      [`I write to ${gap} in two lines.`],
      ['A point'],
    ]);
    expect(texts('mail', 'No headers,\nonly text.')).toEqual([['No headers, only text.']]);
  });
});

describe('mail by its standards', () => {
  it('has encoded words in its subject, which are gaps', () => {
    expect(texts('mail', 'Subject: =?UTF-8?Q?K=C3=B6ln_und?= =?utf-8?B?IE3DvG5jaGVu?= now\n\nYes.')).toEqual([
      [`${gap} now`],
      ['Yes.'],
    ]);
    expect(texts('mail', 'Subject: =?UTF-8?Q?K=C3=B6ln?=\n =?UTF-8?Q?K=C3=B6ln?=\n\nYes.')).toEqual([
      ['Yes.'],
    ]);
  });

  it('has parts, of which heads and Base64 are no prose', () => {
    const base64 = 'S2ltIGxpdmVzIGluIFJvbWUuIEtpbSBsaXZlcyBpbiBSb21lLg==';
    const head = 'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n';
    expect(
      texts(
        'mail',
        `From: a\n\n--=_boundary1\nContent-Type: text/plain\n\nYes.\n--=_boundary1\n${head}${base64}\n--=_boundary1--`,
      ),
    ).toEqual([['Yes.']]);
  });
});

describe('commit messages', () => {
  it('have no prose in fences, in lines that only point to issues, and in comments', () => {
    expect(
      texts(
        'git-commit',
        'Add it\n\n```sh\nno = code\n\nno\n```\n\nKim asked.\n\nCloses: #247\nFixes #1, org/x#2\nSee https://x.y\nJJ: no',
      ),
    ).toEqual([['Add it'], ['Kim asked.']]);
  });

  it('have a subject and paragraphs', () => {
    const text = `fix(parser)!: Read \`it\`
A paragraph of
two lines.

- A point
  goes on.

    no code

Signed-off-by: Anna <anna@example.org>
# Please no.
# ------------------------ >8 ------------------------
diff no`;
    expect(texts('git-commit', text)).toEqual([
      [`Read ${gap}`],
      ['A paragraph of two lines.'],
      ['A point goes on.'],
    ]);
  });
});

describe('tables', () => {
  const csv =
    'id,text,note\r\n1,"A ""quoted"", text.\nNew line.",https://no.org\r\n2,Another. Text,Berlin\r\n';

  it('are prose in cells that hold text', () => {
    expect(prose('csv', csv)).toEqual([
      ['A "quoted", text. ← A ""quoted"", text.', 'New line.'],
      ['Another.', 'Text'],
      ['Berlin'],
    ]);
    expect(texts('csv', 'Name;Ort\nAnna, die;Köln\n')).toEqual([['Anna, die'], ['Köln']]);
    expect(texts('tsv', 'A sentence, no name of a column.\t12\t2024-01-01\tsnake_case\n')).toEqual([
      ['A sentence, no name of a column.'],
    ]);
  });

  it('are prose in chosen columns', () => {
    expect(texts('csv', csv, { columns: ['text'] })).toEqual([
      ['A "quoted", text.', 'New line.'],
      ['Another.', 'Text'],
    ]);
    expect(texts('csv', csv, { columns: ['3'] })).toEqual([['Berlin']]);
    expect(texts('csv', csv, { columns: [] })).toEqual([]);
  });

  it('follow a change of the header', () => {
    const extractor = createExtractor('csv', { columns: ['text'] });
    finish(extractor, csv);
    const next = `ID,text2,text${csv.slice(csv.indexOf('\r'))}`;
    const blocks = finish(extractor, next, [{ start: 0, end: csv.indexOf('\r'), text: 'ID,text2,text' }]);
    expect(blocks.map(({ block }) => block.sentences[0]?.text)).toEqual(['Berlin']);
  });
});

describe('JSON', () => {
  const json = `{
  "id": "no-prose", "title": "It's \\u00e9t\\u00e9 \\"now\\".\\nAnd \\ud83d\\ude00 here.",
  "meta": { "no": "Not this", "text": ["One.", { "no": "Nor this" }, ["Two."]], "count": 3 },
  "messages": [{ "role": "user", "content": "Hello there" }]
}`;

  it('is prose in chosen fields', () => {
    expect(texts('json', json)).toEqual([
      ['It\'s été "now".', 'And 😀 here.'],
      ['One.'],
      ['Two.'],
      ['Hello there'],
    ]);
    expect(texts('json', json, { fields: ['no'] })).toEqual([['Not this'], ['Nor this']]);
    expect(texts('json', '{"a": "Some text"}', { fields: ['*'] })).toEqual([['Some text']]);
    expect(texts('json', '["Some text", {"a": "no"}]')).toEqual([['Some text']]);
  });

  it('of lines is read line by line', () => {
    expect(
      texts('jsonl', '{"text": "One."}\n{"text": ["open",\n{"text": "Two."}\n{"a": {"text": "Three."}'),
    ).toEqual([['One.'], ['open'], ['Two.'], ['Three.']]);
  });
});

describe('notebooks', () => {
  it('are prose in Markdown cells', () => {
    const cells = [
      {
        cell_type: 'markdown',
        id: 'a',
        metadata: { x: { source: 'no' } },
        source: ['# A *title*\n', '\n', 'Some "text"\n', 'goes on.'],
      },
      { cell_type: 'code', outputs: [{ text: ['no "cell_type": "markdown"'] }], source: ['no'] },
      { cell_type: 'markdown', source: 'One é 😀 string.' },
    ];
    const text = JSON.stringify({ cells }, undefined, 1);
    expect(prose('ipynb', text)).toEqual([
      ['A title ← A *title*'.replace('*title*', '*title')],
      ['Some "text" goes on. ← Some \\"text\\"\\n",\n    "goes on.'],
      ['One é 😀 string.'],
    ]);
    expect(texts('ipynb', '{"cells": [{"cell_type": "markdown", "source": ["Some text')).toEqual([
      ['Some text'],
    ]);
  });
});

describe('languages', () => {
  it('that hold no prose, or are not known', () => {
    expect(texts('diff', 'Some text.')).toEqual([]);
    expect(texts('unheard-of', 'Some text.')).toEqual([['Some text.']]);
    expect(texts('unheard-of', 'Some text.', { unknown: 'nothing' })).toEqual([]);
  });
});

const jsonSnippets = [
  '{',
  '}',
  '[',
  ']',
  '"text": ',
  '"a": ',
  ',',
  ':',
  '"',
  '\\"',
  '\\n',
  '\\u0041',
  '\\',
  '"some text"',
];
const snippets: Readonly<Record<string, readonly string[]>> = {
  srt: ['1\n', '00:00:01,000 --> 00:00:02,000\n', '- ', '<i>', '&amp;', 'NOTE ', '\\N', '{\\a}'],
  mail: [
    'From: a\n',
    'Subject: ',
    '=?UTF-8?Q?K=C3=B6ln?=',
    '--=_boundary1\n',
    'Content-Type: a\n',
    '> ',
    '>',
    '-- \n',
    '- ',
    '<a@b.c>',
  ],
  'git-commit': ['```\n', 'Fixes #1\n', '# ', 'fix: ', '- ', '    ', '# - >8 -\n', 'Cc: a', '`'],
  csv: [',', ';', '"', '""', '\t', 'a,b\n', '"a\nb"'],
  json: jsonSnippets,
  jsonl: jsonSnippets,
  ipynb: [
    '{',
    '}',
    '[',
    ']',
    '"cell_type": "markdown"',
    '"source": ',
    '"source": ["',
    ',',
    '"',
    '\\"',
    '\\n',
    '"# a\\n"',
  ],
};

describe.each(Object.entries(snippets))('an extractor of %s', (languageId, own) => {
  itExtractsExactly(languageId, own, { runs: 100, rewritten: /[\r\n\\]/ });

  it('takes any input in linear time', () => {
    for (const pattern of [...own, 'word ', 'x', '<', '(']) {
      const text = pattern.repeat(30_000 / pattern.length);
      const blocks = finish(createExtractor(languageId), text);
      expect(blocks.every(({ start, end }) => start <= end && end <= text.length)).toBe(true);
    }
  });
});

it.each([
  ['srt', (i: number) => `${i}\n00:00:01,000 --> 00:00:02,000\nText ${i} is here.\n\n`],
  ['mail', (i: number) => `Text ${i} is here.\n\n`],
  ['git-commit', (i: number) => `Text ${i} is here.\n\n`],
  ['csv', (i: number) => `${i},"Text ${i} is here."\n`],
  ['json', (i: number) => `{"id":${i},\n"text":"Text ${i} is here."},\n`],
  ['jsonl', (i: number) => `{"id":${i},"text":"Text ${i} is here."}\n`],
  ['ipynb', (i: number) => `{"cell_type": "markdown", "source": ["Text ${i} is here."]},\n`],
])('keeps the blocks of %s that an edit does not touch', (languageId, record) => {
  const changed = changedBlocks(languageId, record);
  expect(changed).toContain(150);
  expect(changed.length).toBeLessThanOrEqual(2);
});
