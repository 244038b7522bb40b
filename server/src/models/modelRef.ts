import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { bundledModelId } from '../core/model';
import { EngineError } from '../core/ports';

/** What a setting says that is to be used: a model of the catalogue, a Hugging Face repository, or a folder. */
export type ModelRef =
  | { readonly kind: 'catalog'; readonly id: string }
  /** `revision`: a branch, tag or commit; absent: the catalogue's for a repository that it names, else `main`. */
  | { readonly kind: 'hub'; readonly repo: string; readonly revision?: string }
  | { readonly kind: 'folder'; readonly path: string };

/** As the Hub allows it: letters, digits, `-`, `_`, `.`; no `--`, no `..`, and neither first nor last. */
const name = /^(?!.*(?:--|\.\.))[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?$/;
const catalogId = /^[a-z0-9][a-z0-9.-]*$/;
/** What bundled models were called before: settings that name one go on working. */
const formerIds: ReadonlySet<string> = new Set(['subtext-mini']);
/** Git's rules, narrowed to what cannot be mistaken for a path or an option. */
const revisionName = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;

/**
 * Reads `subtext-base`, `org/name`, `org/name@revision`, `/folder`, `C:\folder` or `~/folder`.
 *
 * @throws EngineError saying what is allowed.
 */
export function parseModelRef(text: string): ModelRef {
  const trimmed = text.trim();
  if (isAbsolute(trimmed)) return { kind: 'folder', path: trimmed };
  if (trimmed.startsWith('~/')) return { kind: 'folder', path: join(homedir(), trimmed.slice(2)) };
  const [id = '', revision, ...more] = trimmed.split('@');
  const [owner = '', repo, ...deeper] = id.split('/');
  if (more.length === 0 && repo === undefined && revision === undefined && catalogId.test(id)) {
    return { kind: 'catalog', id: formerIds.has(id) ? bundledModelId : id };
  }
  if (more.length === 0 && deeper.length === 0 && repo !== undefined && name.test(owner) && name.test(repo)) {
    if (revision === undefined) return { kind: 'hub', repo: id };
    if (revisionName.test(revision)) return { kind: 'hub', repo: id, revision };
  }
  throw new EngineError(
    `"${trimmed}" names no model. Write the id of a model of the catalogue, a Hugging Face repository ` +
      '("owner/name" or "owner/name@revision"), or the absolute path of a folder.',
  );
}

/** The text that {@link parseModelRef} reads as this; the same for references that mean the same. */
export function formatModelRef(ref: ModelRef): string {
  switch (ref.kind) {
    case 'catalog':
      return ref.id;
    case 'hub':
      return ref.revision === undefined ? ref.repo : `${ref.repo}@${ref.revision}`;
    case 'folder':
      return ref.path;
  }
}
