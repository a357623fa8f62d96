// How a console command tells what is wrong with a configuration.
import type { Problem } from '../config/problem.ts';

/** `site.conf:3:5: error: MESSAGE`, and the advice below it. */
export function describeProblem({ file, line, column, severity, message, advice }: Problem): string {
  const place = `${file}:${line}:${column}: ${severity}: ${message}\n`;
  return advice === '' ? place : `${place}  ${advice}\n`;
}
