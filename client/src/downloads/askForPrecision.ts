import * as vscode from 'vscode';
import type { Precision } from '../../../server/src/core/model';
import { label } from '../../../server/src/core/surfaces/label';
import type { DownloadPlan } from '../../../server/src/protocol/models';
import { chooseOne } from '../listPicker';
import { formatBytes } from '../models/modelText';

/** @returns undefined where the user turned away; does not ask where there is nothing to choose from. */
export async function askForPrecision({
  precision,
  precisions,
  model,
}: DownloadPlan): Promise<Precision | undefined> {
  if (precisions.length < 2) return precision;
  const items = precisions.map((one) => ({
    label: label.escape(nameOf(one.precision)),
    description: label.escape(formatBytes(one.bytes, vscode.env.language)),
    detail: label.escape(purposeOf(one.precision)),
    precision: one.precision,
  }));
  // What was planned is what suits most machines: it comes first and is chosen by Enter.
  items.sort((a, b) => Number(b.precision === precision) - Number(a.precision === precision));
  const title = label.escape(vscode.l10n.t('Which format of “{0}”?', model.title));
  return (await chooseOne(items, { title }))?.precision;
}

function nameOf(precision: Precision): string {
  switch (precision) {
    case 'int8':
      return vscode.l10n.t('8-bit integers');
    case 'fp16':
      return vscode.l10n.t('16-bit floating point');
    case 'fp32':
      return vscode.l10n.t('32-bit floating point');
  }
}

function purposeOf(precision: Precision): string {
  switch (precision) {
    case 'int8':
      return vscode.l10n.t('Fastest on processors; scores differ a little');
    case 'fp16':
      return vscode.l10n.t('For graphics cards');
    case 'fp32':
      return vscode.l10n.t('For graphics cards and processors; exact, and slow on processors');
  }
}
