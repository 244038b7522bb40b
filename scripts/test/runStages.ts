import type { Counts, Requirement, Stage } from './stage';
import { stages } from './stages';

interface Outcome extends Counts {
  readonly stage: string;
  readonly seconds: number;
}

interface Unmet {
  readonly stage: string;
  readonly requirement: Requirement;
  readonly reason: string;
}

/**
 * Runs the named stages, or all of them, and prints a summary.
 * @returns the exit code: 0 when nothing failed, 2 for a name that is none.
 */
export async function runStages(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    console.error(`No stage ${unknown.join(', ')}. Stages: ${stages.map(({ name }) => name).join(' ')}`);
    return 2;
  }
  // In CI nothing may be skipped for want of a tool.
  const strict = process.env['CI'] === 'true';
  const chosen = stages.filter(({ name }) => names.length === 0 || names.includes(name));
  const outcomes: Outcome[] = [];
  const unmet: Unmet[] = [];
  for (const stage of chosen) {
    console.log(`\n── ${stage.name} ──`);
    const started = performance.now();
    const missing = await findUnmet(stage);
    unmet.push(...missing);
    const counts = await run(stage, missing, strict);
    outcomes.push({ stage: stage.name, ...counts, seconds: (performance.now() - started) / 1000 });
  }
  return report(outcomes, unmet);
}

async function findUnmet(stage: Stage): Promise<Unmet[]> {
  const missing: Unmet[] = [];
  for (const requirement of stage.requirements) {
    const reason = await requirement.check();
    if (reason) missing.push({ stage: stage.name, requirement, reason });
  }
  return missing;
}

async function run(stage: Stage, missing: readonly Unmet[], strict: boolean): Promise<Counts> {
  const counts = await stage.run();
  const fatal = strict ? missing.filter(({ requirement }) => !requirement.optionalInCi).length : 0;
  return { ...counts, failed: counts.failed + fatal };
}

function report(outcomes: readonly Outcome[], unmet: readonly Unmet[]): number {
  console.log('\nstage        passed  failed  skipped   seconds');
  for (const { stage, passed, failed, skipped, seconds } of outcomes) {
    const columns = [cell(passed, 6), cell(failed, 8), cell(skipped, 9), cell(seconds.toFixed(1), 10)];
    console.log(stage.padEnd(13) + columns.join(''));
  }
  const total = (pick: (outcome: Outcome) => number) => outcomes.reduce((sum, one) => sum + pick(one), 0);
  console.log(`${'all'.padEnd(36)}${cell(total(({ seconds }) => seconds).toFixed(1), 10)}`);
  if (unmet.length > 0) console.log('');
  for (const { stage, requirement, reason } of unmet) {
    console.log(`Skipped in ${stage}: ${requirement.name}: ${reason}. To enable: ${requirement.remedy}.`);
  }
  const failed = total((one) => one.failed);
  // The last line of the run, in a form that tools can read.
  console.log(
    `\n${total((one) => one.passed)} passed, ${failed} failed, ${total((one) => one.skipped)} skipped`,
  );
  return failed > 0 ? 1 : 0;
}

const cell = (value: number | string, width: number): string => String(value).padStart(width);
