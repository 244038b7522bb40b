import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatJson } from '../../scripts/catalog/formatJson';
import { bundledModelId } from '../../server/src/core/model';
import { readCatalog } from '../../server/src/models/catalog';
import { listGraphs } from '../../server/src/models/graphFiles';
import { bundledLocation, describeModel } from '../../server/src/models/modelFolder';
import { parseModelRef } from '../../server/src/models/modelRef';
import { root } from '../support/paths';

const modelsDir = join(root, 'models');
/** For references and export only; the engine does not read them. */
const notLoaded = [
  'README.md',
  'model.safetensors',
  // What sentence-transformers reads.
  'modules.json',
  'sentence_bert_config.json',
  '1_Pooling/config.json',
  '2_Dense/config.json',
  '2_Dense/model.safetensors',
];

describe('models/catalog.json', () => {
  const [entry] = readCatalog(modelsDir);
  const raw = JSON.parse(readFileSync(join(modelsDir, 'catalog.json'), 'utf8')).models[0];

  it('names the labels that the model has', () => {
    const { tokenLabels, sentimentLabels } = describeModel(bundledLocation(modelsDir, bundledModelId));
    const types = new Set(tokenLabels.filter((label) => label !== 'O').map((label) => label.slice(2)));
    expect(raw.labels).toEqual({ entities: [...types], sentiment: sentimentLabels });
  });

  it('names every file of the bundled model with its checksum', () => {
    if (entry?.kind !== 'bundled') throw new Error('The bundled model is not the first one.');
    const folder = join(modelsDir, entry.bundled);
    const present = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
      .filter((path) => !notLoaded.includes(path));
    const checksums = present.map((path) => ({
      path,
      sha256: createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    }));
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    expect(checksums.toSorted(byPath)).toEqual(entry.files.toSorted(byPath));
  });

  const repositories = readCatalog(modelsDir).filter((one) => one.kind === 'hub');

  it.each(repositories)(
    '$id can be asked for, and its figures agree',
    ({ id, revision, files, megabytes }) => {
      expect(parseModelRef(id)).toEqual({ kind: 'hub', repo: id });
      expect(revision).toMatch(/^(?:main|[0-9a-f]{40})$/);
      // Only a commit stays what it is.
      if (revision === 'main') expect(files).toEqual([]);
      for (const { precision, graph } of listGraphs(files.map(({ path }) => path))) {
        const bytes = files.find(({ path }) => path === graph)?.bytes ?? 0;
        expect(megabytes[precision]).toBe(Math.round(bytes / 1e6));
      }
    },
  );

  it('says why what it names is for nothing yet', () => {
    const unused = repositories.filter(({ tasks }) => tasks.length === 0);
    expect(unused.map(({ note }) => note?.endsWith('for which Subtext has no feature yet.'))).toEqual(
      unused.map(() => true),
    );
  });

  it('is written as the script that refreshes it would write it', () => {
    const text = readFileSync(join(modelsDir, 'catalog.json'), 'utf8');
    expect(formatJson(JSON.parse(text))).toBe(text);
  });

  it.each([
    [{ tasks: ['entities', 'poetry'] }, '"tasks" must be of entities, sentiment, fillMask.'],
    [{ labels: { DATE: 1 } }, '"DATE" must be a string or null.'],
    [
      { files: [{ path: '../x', bytes: 1, sha256: '0'.repeat(64) }] },
      '"path" must be a relative path inside its folder.',
    ],
    [{ files: [{ path: 'x', bytes: 1, sha256: 'x' }] }, '"sha256" must be a SHA-256 checksum'],
  ])('is refused with %j', (change, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'subtext-catalog-'));
    try {
      const file = join(modelsDir, 'catalog.json');
      const wrong = { ...JSON.parse(readFileSync(file, 'utf8')).models[1], ...change };
      writeFileSync(join(folder, 'catalog.json'), JSON.stringify({ models: [wrong] }));
      expect(() => readCatalog(folder)).toThrow(message);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
