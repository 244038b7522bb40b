import type { Precision } from '../core/model';
import type { CatalogEntry } from './catalog';

/** A model that lies on disk: enough for any process to load it. Plain data. */
export interface ModelLocation {
  /** As users name it: a catalogue id, `owner/name`, or the path of a folder. */
  readonly id: string;
  /** Commit of the snapshot, or the catalogue's name of the version; empty for a folder of the user. */
  readonly revision: string;
  /** Absolute path of the folder with config.json. */
  readonly path: string;
  /** What the catalogue knows of it: layout, labels, limits, checksums. */
  readonly entry?: CatalogEntry;
  /** Which graph file is to be used where there are several; absent: the one that suits the device best. */
  readonly precision?: Precision;
}
