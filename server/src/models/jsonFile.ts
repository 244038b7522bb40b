import { JsonError, parseJson } from '../core/json/parseJson';
import { EngineError } from '../core/ports';
import { readRegularFileSync } from '../files/regularFile';
import { mostJsonBytes } from '../hub/hubLimits';
import { type Fields, readFields } from './fields';

/**
 * @param remedy what to do when the file is damaged, as a sentence.
 * @throws EngineError when the file is missing, no regular file, too large, unreadable or not a JSON object.
 */
export function readJsonFile(file: string, remedy: string): Fields {
  const content = readRegularFileSync(file, mostJsonBytes);
  if ('problem' in content) throw new EngineError(`${file} ${content.problem}. ${remedy}`);
  try {
    return readFields(parseJson(content.bytes.toString('utf8')), file);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new EngineError(`${file} is ${error.message}. ${remedy}`);
  }
}
