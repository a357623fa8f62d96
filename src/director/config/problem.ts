// What is wrong with a configuration, where, and what to do about it. Reading goes on after each, so that all come at once.
import { visible } from './characters.ts';
import type { Source } from './source.ts';

export type Severity = 'error' | 'warning';

/** `line` and `column` count from 1. An error forbids the configuration, a warning does not. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
}

/** More than this says nothing new: the file is no configuration. */
const MOST = 1000;

interface Finding {
  readonly source: Source;
  readonly offset: number;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
}

/** Collects problems by offset; lines and columns are worked out at the end. Messages may quote the file: they are made fit to be shown. */
export class Problems {
  private readonly findings: Finding[] = [];
  private errors = 0;

  error(source: Source, offset: number, message: string, advice: string): void {
    this.errors++;
    this.add({ source, offset, severity: 'error', message, advice });
  }

  warning(source: Source, offset: number, message: string, advice: string): void {
    this.add({ source, offset, severity: 'warning', message, advice });
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** True when further problems are only counted. */
  get isFull(): boolean {
    return this.findings.length >= MOST;
  }

  /** All problems in the order of the files and of the places in them; what a definition says wrong is told at its first use only. */
  located(): Problem[] {
    const found = this.findings.map(locate);
    const files = [...new Set(found.map(each => each.problem.file))];
    const seen = new Set<string>();
    return found
      .sort(({ problem: a }, { problem: b }) => {
        return files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column;
      })
      .filter(({ place }) => place === null || (!seen.has(place) && seen.add(place)))
      .map(({ problem }) => problem);
  }

  private add(finding: Finding): void {
    if (this.findings.length < MOST) this.findings.push(finding);
    if (this.findings.length === MOST - 1) {
      const { source, offset } = finding;
      const message = `there are more problems than ${MOST}; the rest is not shown`;
      this.findings.push({ source, offset, severity: 'error', message, advice: 'mend these first' });
    }
  }
}

/** Longest message, in characters: names in it come from the file. */
const LONGEST = 300;

/** `place` is null for text that stands where it was written: two problems there are two. */
interface Located {
  readonly problem: Problem;
  readonly place: string | null;
}

function locate({ source, offset, severity, message, advice }: Finding): Located {
  const { file, line, column, note } = source.locate(offset);
  const problem = {
    file,
    line,
    column,
    severity,
    message: presentable(message) + presentable(note),
    advice: presentable(advice),
  };
  return { problem, place: note === '' ? null : `${file}:${line}:${column} ${message}` };
}

function presentable(text: string): string {
  return visible(text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`);
}
