import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisSummary } from '../../../client/src/commands/analysisSummary';
import { deviceTable } from '../../../client/src/devices/deviceTable';
import { modelConsent } from '../../../client/src/downloads/downloadConsent';
import { toCandidateItems } from '../../../client/src/fillMask/candidateItems';
import { tokenTableText } from '../../../client/src/inspect/tokenTableText';
import { toChoiceItem, toManagedItem } from '../../../client/src/models/modelItems';
import { documentStatus, downloadStatus, engineStatuses } from '../../../client/src/status/statusViews';
import { columns } from '../../../server/src/core/surfaces/columns';
import { oneLine } from '../../../server/src/core/surfaces/controls';
import { label } from '../../../server/src/core/surfaces/label';
import { markdown } from '../../../server/src/core/surfaces/markdown';
import { terminal } from '../../../server/src/core/surfaces/terminal';
import type { ModelInfo } from '../../../server/src/protocol/models';
import { tokenMarkdown } from '../../../server/src/protocol/tokenTable';
import {
  expectLabel,
  expectLines,
  expectOneLine,
  hostileName,
  markdownNodes,
  unescaped,
} from '../../support/hostile';
import { english } from '../client/localization';

const each = (name: string, check: (hostile: string) => void): void =>
  it(name, () => fc.assert(fc.property(hostileName, check), { numRuns: 300 }));

describe('what others wrote', () => {
  each('is one paragraph of text in Markdown, all of it', (hostile) => {
    const text = markdown.escape(hostile);
    expect(markdownNodes(text)).toEqual(text === '' ? [] : ['Paragraph']);
    expect(unescaped(text)).toBe(oneLine(hostile));
  });

  each('is strong in Markdown where we say so, and nothing else', (hostile) => {
    const nodes = markdownNodes(
      markdown.text`x **a${markdown.name(hostile)}a** · ${markdown.escape(hostile)}`,
    );
    expect(nodes).toEqual(['Paragraph', 'StrongEmphasis']);
  });

  each('is a label', (hostile) => {
    expectLabel(label.escape(hostile));
    expectLabel(label.escape(`a ${hostile} b`));
    expect(label.escape(label.escape(hostile))).toBe(label.escape(hostile));
    expect(label.name(hostile)).not.toBe('');
  });

  each('is a line on a terminal, and a column', (hostile) => {
    expectOneLine(terminal.escape(hostile));
    expectOneLine(columns.name(hostile));
    expect(columns.name(hostile)).toMatch(/^\S+$/u);
  });
});

describe('in the editor', () => {
  each('the lists of models, to choose from and to manage, show text', (hostile) => {
    const model: ModelInfo = {
      ref: hostile,
      title: hostile,
      source: 'hub',
      tasks: ['entities'],
      installed: true,
      bytes: 1,
      licence: hostile,
      languages: [hostile],
      score: hostile,
      path: hostile,
      removable: true,
    };
    const choices = { entities: 'other', sentiment: 'other', fillMask: 'other' };
    for (const item of [
      toChoiceItem(model, choices, 'en', english),
      toManagedItem(model, choices, 'en', english),
    ]) {
      for (const text of [item.label, item.description, item.detail]) expectLabel(text);
      expect(item.label).not.toBe('');
    }
    const used = toManagedItem(model, { ...choices, entities: hostile }, 'en', english).description;
    expect(used.startsWith('$(check) Entities')).toBe(true);
    expectLabel(used.slice('$(check)'.length));
  });

  each('suggested words show text', (hostile) => {
    const [item] = toCandidateItems([{ texts: [hostile, hostile], score: 0.5 }], 'en');
    expectLabel(item?.label ?? '');
    // Isolated by us.
    expect(item?.description).toBe('\u2066▰▰▰▰▰▰▰▱▱▱ 70.7%\u2069');
  });

  each('the status shows text', (hostile) => {
    const base = { model: hostile, message: hostile, device: hostile, tasks: ['entities' as const] };
    const views = [
      ...(['starting', 'ready', 'restarting', 'failed', 'idle'] as const).flatMap((status) => [
        ...engineStatuses({ status: 'running' }, [{ ...base, status }], english),
        ...engineStatuses(
          { status: 'running' },
          [
            { ...base, status },
            { ...base, status: 'ready' },
          ],
          english,
        ),
      ]),
      ...engineStatuses({ status: 'failed', message: hostile }, [], english),
      downloadStatus([{ ref: hostile, title: hostile, receivedBytes: 1, totalBytes: 2 }], 'en', english),
      downloadStatus(
        [1, 2].map((receivedBytes) => ({ ref: hostile, title: hostile, receivedBytes, totalBytes: 2 })),
        'en',
        english,
      ),
      documentStatus(
        { uri: hostile, version: 1, status: 'complete', analyzed: 1, total: 1, leftOut: { fr: 1 } },
        'en',
        english,
      ),
    ];
    for (const view of views) {
      expectLabel(view?.text ?? '');
      expectLabel(view?.detail ?? '');
    }
  });

  each('a question before a download is lines of text', (hostile) => {
    const { message, detail } = modelConsent(
      {
        model: { ...({} as ModelInfo), ref: hostile, title: hostile, licence: hostile },
        commit: hostile,
        host: hostile,
        folder: hostile,
        files: [{ path: hostile, bytes: 1 }],
        precision: 'int8',
        precisions: [],
        bytes: 2,
        missingBytes: 1,
      },
      'en',
      english,
    );
    expectLabel(message);
    const lines = detail.split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) expectLabel(line);
  });

  each('a summary is the sum of what was found', (hostile) => {
    const summary = analysisSummary(
      { version: 1, sentences: 1, entities: { [hostile]: 2 }, sentiment: { [hostile]: 1 } },
      'en',
      english,
    );
    expectLabel(label.escape(summary));
  });

  each('Inspect Tokens is a table', (hostile) => {
    const table = tokenMarkdown(
      {
        sentence: hostile,
        models: [
          {
            model: hostile,
            tasks: ['entities'],
            tokens: [1, 2].map((id) => ({
              ...{ id, token: hostile, start: 0, end: hostile.length, word: 0 },
              ...{ isSpecial: false, isUnknown: false },
              labels: [1, 2].map(() => ({ label: hostile, score: 0.5 })),
            })),
            windows: [{ start: 0, end: 2 }],
            sentiment: [{ label: hostile, score: 1 }],
          },
        ],
      },
      tokenTableText('en', english),
    );
    expectLines(table);
    const nodes = markdownNodes(table);
    const allowed = ['ATXHeading1', 'ATXHeading2', 'Blockquote', 'Paragraph', 'Table'];
    const cells = ['TableHeader', 'TableRow', 'TableCell', 'TableDelimiter'];
    expect(nodes.filter((name) => !allowed.includes(name) && !cells.includes(name))).toEqual([]);
    expect(nodes.filter((name) => name === 'TableRow')).toHaveLength(2);
  });

  each('the table of devices is one, too', (hostile) => {
    const table = deviceTable(
      [
        {
          device: hostile,
          precision: hostile,
          model: hostile,
          hardware: hostile,
          status: 'crashed',
          message: hostile,
        },
      ],
      'en',
      english,
    );
    expectLines(table);
    const structure = ['ATXHeading1', 'Table', 'BulletList', 'ListItem', 'Paragraph'];
    const cells = ['TableHeader', 'TableRow', 'TableCell', 'TableDelimiter'];
    const nodes = markdownNodes(table);
    expect(nodes.filter((name) => !structure.includes(name) && !cells.includes(name))).toEqual([]);
    expect(nodes.filter((name) => name === 'ListItem')).toHaveLength(1);
  });
});
