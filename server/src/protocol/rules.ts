import { NotificationType } from 'vscode-jsonrpc';
import type { TextEdit } from 'vscode-languageserver-protocol';

/* Ignore rules and the gazetteer: what the user asks to be written, and where it was written. */

/** The name of the file in the root of a workspace folder. docs/ignoring.md describes it, schemas/ has its schema. */
export const RULE_FILE = '.subtext.json';

/** The command of `workspace/executeCommand`; its argument is a {@link RuleChangeParams}. */
export const CHANGE_RULES_COMMAND = 'subtext.changeRules';

/** An entry for the gazetteer, as it stands in the file. */
export interface WrittenEntry {
  readonly text?: string;
  readonly pattern?: string;
  readonly type: string;
  readonly caseSensitive?: boolean;
}

export type RuleChange =
  | { readonly kind: 'ignoreWord'; readonly text: string; readonly type?: string }
  | { readonly kind: 'ignoreType'; readonly type: string }
  | { readonly kind: 'addEntries'; readonly entries: readonly WrittenEntry[] }
  /** Entries of a file: CSV, JSON or JSON lines. Those without a type get the one that is given. */
  | {
      readonly kind: 'importEntries';
      readonly name: string;
      readonly content: string;
      readonly type: string;
    };

export interface RuleChangeParams {
  /** A document of the folder whose rules are to change. */
  readonly uri: string;
  /** `user` allows words without a type only. */
  readonly target: 'workspace' | 'user';
  readonly change: RuleChange;
}

export type RulesChangedParams =
  | {
      readonly target: 'workspace';
      /** What happened, for a person. */
      readonly message: string;
      readonly uri: string;
      /** What takes it back. */
      readonly undo: readonly TextEdit[];
    }
  | {
      readonly target: 'user';
      readonly message: string;
      /** To be added to the user's `subtext.ignore.words`. */
      readonly word: string;
    };

/** Rules were written into the open text of the rule file, which is to be saved, or are to be written into settings. */
export const RulesChangedNotification = {
  method: 'subtext/rulesChanged',
  type: new NotificationType<RulesChangedParams>('subtext/rulesChanged'),
} as const;
