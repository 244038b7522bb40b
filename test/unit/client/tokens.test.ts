import { expect, test } from 'vitest';
import { tokenTableText } from '../../../client/src/inspect/tokenTableText';
import type { InspectTokensResult } from '../../../server/src/protocol/protocol';
import { tokenCsv } from '../../../server/src/protocol/tokenCsv';
import { tokenMarkdown } from '../../../server/src/protocol/tokenTable';
import { english } from './localization';

const token = { isSpecial: false, isUnknown: false, labels: [], word: null };
const inspected: InspectTokensResult = {
  sentence: 'Anna|, "𐀀"',
  models: [
    {
      model: 'a/b_c',
      tasks: ['entities', 'sentiment'],
      tokens: [
        { ...token, id: 2, token: '[CLS]', start: 0, end: 0, isSpecial: true },
        {
          ...token,
          ...{ id: 12, token: 'An', start: 0, end: 2, word: 0 },
          labels: [
            { label: 'B-PER', score: 0.75 },
            { label: 'O', score: 0.125 },
          ],
        },
        {
          ...token,
          id: 13,
          token: '##na|',
          start: 2,
          end: 5,
          word: 0,
          labels: [{ label: 'I-PER', score: 1 }],
        },
        { ...token, id: 1, token: '[UNK]', start: 7, end: 11, word: 1, isUnknown: true },
      ],
      windows: [
        { start: 1, end: 3 },
        { start: 2, end: 4 },
      ],
      sentiment: [
        { label: 'negative', score: 0.25 },
        { label: 'positive', score: 0.75 },
      ],
    },
    {
      model: 'mini',
      tasks: ['fillMask'],
      tokens: [{ ...token, id: 5, token: 'x', start: 0, end: 11, word: 0 }],
      windows: [{ start: 0, end: 1 }],
      sentiment: [],
    },
  ],
};

test('a table a model, in which the text stays in its cells', () => {
  expect(tokenMarkdown(inspected, tokenTableText('en', english)).split('\n')).toEqual([
    '# Tokens',
    '',
    '> Anna\\|, "𐀀"',
    '',
    '## a/b\\_c (Entities, Sentiment)',
    '',
    'Sentiment: negative 25% · positive 75%',
    '',
    '| \\# | Token | Id | Offsets | Text | Word | Label | Second label | Remark |',
    '| ---: | --- | ---: | ---: | --- | ---: | --- | --- | --- |',
    '| 0 | \\[CLS\\] | 2 |  |  |  |  |  | added by the model |',
    '| 1 | An | 12 | 0–2 | An | 0 | B-PER 75% | O 12.5% |  |',
    '| 2 | \\##na\\| | 13 | 2–5 | na\\| | 0 | I-PER 100% |  | window 2 begins, window 1 ends |',
    '| 3 | \\[UNK\\] | 1 | 7–11 | "𐀀" | 1 |  |  | unknown to the model |',
    '',
    '## mini (Fill-mask)',
    '',
    '| \\# | Token | Id | Offsets | Text | Word | Remark |',
    '| ---: | --- | ---: | ---: | --- | ---: | --- |',
    '| 0 | x | 5 | 0–11 | Anna\\|, "𐀀" | 0 |  |',
    '',
  ]);
});

test('a line of CSV a token', () => {
  expect(tokenCsv(inspected).split('\r\n')).toEqual([
    'model,index,token,id,start,end,text,word,special,unknown,label,probability,label2,probability2',
    'a/b_c,0,[CLS],2,0,0,,,true,false,,,,',
    'a/b_c,1,An,12,0,2,An,0,false,false,B-PER,0.7500000,O,0.1250000',
    'a/b_c,2,##na|,13,2,5,na|,0,false,false,I-PER,1.000000,,',
    'a/b_c,3,[UNK],1,7,11,"""𐀀""",1,false,true,,,,',
    'mini,0,x,5,0,11,"Anna|, ""𐀀""",0,false,false,,,,',
    '',
  ]);
});
