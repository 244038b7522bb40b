// npm run catalog [-- --keep]: asks the Hugging Face Hub for the newest commit of every repository in
// models/catalog.json, and for size and SHA-256 of its files, and writes them in. `--keep` asks for the files of the
// commits that are there. See docs/models.md.
import { tsImport } from 'tsx/esm/api';

const { main } = await tsImport('./catalog/main.ts', import.meta.url);
process.exitCode = await main(process.argv.slice(2));
