import { NotificationType } from 'vscode-jsonrpc';
import type { TextEdit } from 'vscode-languageserver-protocol';

/* Ignore rules and the gazetteer: what the user asks to be written, and where it was written. */

/** The name of the file in the root of a workspace folder. docs/ignoring.md describes it, schemas/ has its schema. */
export const RULE_FILE = '.subtext.json';

/** Of a file to import: more names than a gazetteer holds. */
export const mostImportBytes = 64e6;

/** The command of `workspace/executeCommand`; its argument is a {@link RuleChangeParams}. */
export const CHANGE_RULES_COMMAND = 'subtext.changeRules';

/**
 * A command of our client, which has the user choose among its argument, {@link RuleChoice}s. Servers offer it to
 * clients with `rules` in their initialization options; others are offered each choice by itself.
 */
export const CHOOSE_RULE_COMMAND = 'subtext.chooseRule';

export interface RuleChoice {
  /** For a person: what is ignored, and where that is written. */
  readonly title: string;
  readonly params: RuleChangeParams;
}

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
  /** With what stands around it in its sentence, which tells it from others. */
  | {
      readonly kind: 'ignoreMention';
      readonly text: string;
      readonly type: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: 'ignoreSentence'; readonly text: string }
  | { readonly kind: 'ignoreFile' }
  | { readonly kind: 'ignoreLanguage'; readonly languageId: string }
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
