import { t } from '@vscode/l10n';
import type { Precision } from '../core/model';
import type { RepositoryFile } from '../hub/hubClient';
import { HubError } from '../hub/hubError';
import { hostileNameError, otherContentError } from '../hub/hubFailures';
import type { HubEntry } from './catalog';
import { chooseGraph } from './graphFiles';

export const CONFIG = 'config.json';
const TOKENIZER = 'tokenizer.json';
/** Not every tokenizer has them. */
const tokenizerConfigs = ['tokenizer_config.json', 'special_tokens_map.json'];

/** Whether files of a folder suffice to run a model. @param paths relative to the folder, with `/`. */
export const isWholeModel = (paths: readonly string[]): boolean =>
  paths.includes(CONFIG) && paths.includes(TOKENIZER) && chooseGraph(paths) !== undefined;

/**
 * What of a repository is to be downloaded: one graph with its weights, the tokenizer, and the configuration, which
 * comes last because without it readers take a folder for no model.
 *
 * @param entry what the catalogue says of just this commit.
 * @param precision of the graph; absent: what suits a processor best.
 * @throws HubError where there is no model that can be used, or something else than the catalogue says.
 */
export function chooseFiles(
  repo: string,
  files: readonly RepositoryFile[],
  entry: HubEntry | undefined,
  precision?: Precision,
): readonly RepositoryFile[] {
  const hostile = files.find(({ path }) => /^\/|\\|(?:^|\/)\.\.(?:\/|$)/.test(path));
  if (hostile) throw hostileNameError(repo, hostile.path);
  const paths = files.map(({ path }) => path);
  const graph = chooseGraph(paths, precision && [precision]);
  if (!graph && precision && chooseGraph(paths))
    throw new HubError(t('{0} has no graph in {1}.', repo, precision), false);
  if (!graph) {
    throw new HubError(
      t(
        '{0} has no ONNX graph that Subtext could use, such as onnx/model.onnx. Look for a converted model.',
        repo,
      ),
      false,
    );
  }
  for (const needed of [CONFIG, TOKENIZER]) {
    if (!paths.includes(needed))
      throw new HubError(t('{0} has no {1}, so Subtext cannot use it.', repo, needed), false);
  }
  const wanted = [graph.graph, ...graph.companions, TOKENIZER, ...tokenizerConfigs, CONFIG];
  return wanted.flatMap((path) => {
    const file = files.find((one) => one.path === path);
    return file ? [withChecksum(file, repo, entry)] : [];
  });
}

const SHA256_DIGITS = 64;

/** Adds what the catalogue says of the content; the Hub has announced that of large files itself. */
function withChecksum(file: RepositoryFile, repo: string, entry: HubEntry | undefined): RepositoryFile {
  const known = entry?.files.find(({ path }) => path === file.path);
  if (!known) return file;
  const differs = file.oid.length === SHA256_DIGITS && file.oid !== known.sha256;
  if (differs || file.bytes !== known.bytes) throw otherContentError(repo, file.path);
  return { ...file, sha256: known.sha256 };
}
