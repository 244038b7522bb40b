import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/ports';
import { type Fields, readFields } from './fields';

/** Names of the encoder graph's outputs; a head that the model lacks has none. */
export interface EncoderOutputNames {
  readonly token?: string | undefined;
  readonly sequence?: string | undefined;
  readonly hidden?: string | undefined;
}

/** An entry of models/catalog.json. Paths are relative to the model's folder and use `/`. */
export interface CatalogEntry {
  readonly id: string;
  readonly revision: string;
  readonly title: string;
  /** Folder beside the catalogue. */
  readonly bundled: string;
  readonly licence: string;
  readonly languages: readonly string[];
  readonly limits: { readonly maxTokens: number };
  readonly encoder: { readonly graph: string; readonly outputs: EncoderOutputNames };
  /** The masked-LM head: hidden states in, logits over the vocabulary out. */
  readonly mask?: { readonly graph: string; readonly input: string; readonly output: string } | undefined;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * Reads `catalog.json` of a models folder.
 *
 * @throws EngineError naming the file and the field that is wrong.
 */
export function readCatalog(modelsDir: string): readonly CatalogEntry[] {
  const file = join(modelsDir, 'catalog.json');
  return readJson(file).list('models').map(toEntry);
}

/** @throws EngineError when the file is missing, unreadable or not a JSON object. */
export function readJson(file: string): Fields {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new EngineError(`${file} cannot be read (${code}). Reinstall Subtext to restore it.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new EngineError(`${file} is not valid JSON. Reinstall Subtext to restore it.`);
  }
  return readFields(value, file);
}

function toEntry(fields: Fields): CatalogEntry {
  const encoder = fields.object('heads').object('encoder');
  const outputs = encoder.object('outputs');
  const mask = fields.object('heads').optionalObject('mask');
  return {
    id: fields.string('id'),
    revision: fields.string('revision'),
    title: fields.string('title'),
    bundled: fields.relativePath('bundled'),
    licence: fields.string('licence'),
    languages: fields.strings('languages'),
    limits: { maxTokens: fields.object('limits').positiveInteger('maxTokens') },
    encoder: {
      graph: encoder.relativePath('graph'),
      outputs: {
        token: outputs.optionalString('token'),
        sequence: outputs.optionalString('sequence'),
        hidden: outputs.optionalString('hidden'),
      },
    },
    mask: mask && {
      graph: mask.relativePath('graph'),
      input: mask.string('input'),
      output: mask.string('output'),
    },
    files: fields
      .list('files')
      .map((one) => ({ path: one.relativePath('path'), sha256: one.sha256('sha256') })),
  };
}
