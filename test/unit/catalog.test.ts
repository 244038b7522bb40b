import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledModelId } from '../../server/src/core/model';
import { readCatalog } from '../../server/src/models/catalog';
import { bundledLocation, describeModel } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';

const modelsDir = join(root, 'models');
/** For references and export only; the engine does not read them. */
const notLoaded = ['README.md', 'weights.safetensors'];

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
});
