// director print: a configuration file in its usual layout, comments kept.
import { printSource } from '../config/print.ts';
import { Problems } from '../config/problem.ts';
import { Source } from '../config/source.ts';
import { type Command, DONE, WRONG_INPUT } from './command.ts';
import { describeProblem } from './problems.ts';

export const print: Command = {
  name: 'print',
  usage: 'FILE',
  summary: 'prints a configuration file in its usual layout, comments kept',
  operands: { least: 1, most: 1 },
  run(platform, { operands: [path], json }) {
    const { exitCode, output, errors } = printFile(path!, platform.files.readText(path!), { json });
    platform.printError(errors);
    platform.print(output);
    return exitCode;
  },
};

export interface Printed {
  /** WRONG_INPUT when a quote is not closed: what belongs to it cannot be told. */
  readonly exitCode: typeof DONE | typeof WRONG_INPUT;
  /** The text, or one line of JSON; empty text when it cannot be printed. */
  readonly output: string;
  readonly errors: string;
}

/** Included files stay include lines; each is printed on its own. */
export function printFile(path: string, text: string, { json }: { readonly json: boolean }): Printed {
  const problems = new Problems();
  const printed = printSource(new Source(path, text.replace(/^\ufeff/, '')), problems);
  const found = problems.located();
  const exitCode = problems.hasErrors ? WRONG_INPUT : DONE;
  const kept = problems.hasErrors ? '' : printed;
  if (!json) return { exitCode, output: kept, errors: found.map(describeProblem).join('') };
  const object = { version: 1, ok: !problems.hasErrors, text: kept, problems: found };
  return { exitCode, output: `${JSON.stringify(object)}\n`, errors: '' };
}
