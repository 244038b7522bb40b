// npm run editor: opens samples/ in an editor with this extension loaded, whatever editor there is.
import { ensureBuilt } from './ensureBuilt.mjs';
import { ensureDependencies } from './install.mjs';

try {
  await ensureDependencies();
  ensureBuilt();
  const { tsImport } = await import('tsx/esm/api');
  const { openEditor } = await tsImport('../test/e2e/harness/openEditor.ts', import.meta.url);
  await openEditor();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
