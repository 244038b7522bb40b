import { readFileSync } from 'node:fs';
import { EngineError } from '../core/ports';
import { type Fields, readFields } from './fields';

/**
 * @param remedy what to do when the file is damaged, as a sentence.
 * @throws EngineError when the file is missing, unreadable or not a JSON object.
 */
export function readJson(file: string, remedy: string): Fields {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new EngineError(`${file} cannot be read (${code}). ${remedy}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new EngineError(`${file} is not valid JSON. ${remedy}`);
  }
  return readFields(value, file);
}
