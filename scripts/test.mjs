// npm test [-- STAGES…]: installs what is missing, builds, and runs every test that this machine can run.
import { ensureDependencies } from './install.mjs';

try {
  await ensureDependencies();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// The rest is TypeScript and shares code with the tests; its loader is there only now.
const { tsImport } = await import('tsx/esm/api');
const { runStages } = await tsImport('./test/runStages.ts', import.meta.url);
process.exitCode = await runStages(process.argv.slice(2));
