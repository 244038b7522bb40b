import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What tests and tools leave behind; ignored by git. */
export const cacheFolder = join(root, '.cache');
