// Reads the main file and puts the statements of included files in the places of their `include` lines, as keepalived does.
import { expandPattern, isPattern } from './glob.ts';
import type { Problems } from './problem.ts';
import { Source, type SourceReader } from './source.ts';
import { INCLUDES, parseTree, type Statement, wordOffset } from './tree.ts';

/** Most characters of all files together; the largest real configurations have two million. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_FILES = 1000;

/** `includew` and `includea` make it an error when a pattern matches nothing. */
const PATTERN_MUST_MATCH: readonly string[] = ['includew', 'includea'];

/** The statements of a file and of all it includes. A file that cannot be read is a problem at the place that names it. */
export function readStatements(path: string, reader: SourceReader, problems: Problems): Statement[] {
  const main = new Source(path, '');
  return new Loader(reader, problems).load(path, message => {
    problems.error(main, 0, message, 'check the name and the rights of the file');
  });
}

class Loader {
  private readonly reader: SourceReader;
  private readonly problems: Problems;
  /** Files being read, the main one first: a file that is in here already includes itself. */
  private readonly open: string[] = [];
  private files = 0;
  private characters = 0;

  constructor(reader: SourceReader, problems: Problems) {
    this.reader = reader;
    this.problems = problems;
  }

  load(path: string, complain: (message: string) => void): Statement[] {
    const text = this.read(path, complain);
    if (text === null) return [];
    const tree = parseTree(new Source(path, text), this.problems);
    this.open.push(path);
    const statements = this.splice(tree.statements as Statement[]);
    this.open.pop();
    return statements;
  }

  private read(path: string, complain: (message: string) => void): string | null {
    if (this.open.includes(path)) {
      complain(`${path} includes itself: ${[...this.open, path].join(' -> ')}`);
      return null;
    }
    let text: string;
    try {
      text = this.reader.read(path);
    } catch (error) {
      complain(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
    this.files++;
    this.characters += text.length;
    if (this.characters > MOST_CHARACTERS)
      complain(`more than ${MOST_CHARACTERS} characters of configuration`);
    else if (this.files > MOST_FILES) complain(`more than ${MOST_FILES} files of configuration`);
    else return text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
    return null;
  }

  /** Replaces the include statements of a list and of the blocks in it; the list itself when there are none. */
  private splice(statements: Statement[]): Statement[] {
    let spliced: Statement[] | null = null;
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i]!;
      if (statement.words[0]!.startsWith('include') && INCLUDES.includes(statement.words[0]!)) {
        spliced ??= statements.slice(0, i);
        spliced.push(...this.include(statement));
      } else {
        if (statement.block !== null) statement.block = this.splice(statement.block);
        spliced?.push(statement);
      }
    }
    return spliced ?? statements;
  }

  private include(statement: Statement): Statement[] {
    const [keyword, name] = statement.words;
    const complain = (message: string): void => {
      const advice = 'name an existing file, relative to the folder of this one, or delete the line';
      this.problems.error(statement.source, wordOffset(statement, 1), message, advice);
    };
    if (name === undefined || statement.words.length > 2) {
      complain(`${keyword} takes one file name`);
      return [];
    }
    const path = name.startsWith('/') ? name : folderOf(statement.source.path) + name;
    const paths = isPattern(name) ? this.expand(path, statement, complain) : [path];
    const included: Statement[] = [];
    for (const each of paths) included.push(...this.load(each, complain));
    return included;
  }

  private expand(pattern: string, statement: Statement, complain: (message: string) => void): string[] {
    if (this.reader.list === undefined) {
      complain('patterns cannot be used here: folders cannot be listed');
      return [];
    }
    const paths = expandPattern(pattern, directory => this.reader.list!(directory));
    if (paths.length > 0) return paths;
    const message = `no file matches ${pattern}`;
    if (PATTERN_MUST_MATCH.includes(statement.words[0]!)) complain(message);
    else this.problems.warning(statement.source, wordOffset(statement, 1), message, 'nothing is included');
    return [];
  }
}

/** With its slash; empty for a plain file name. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
