// Reads the main file and, at the `include` lines, those that it names, as keepalived does: definitions and blocks go on across files.
import { alternatives, expandPattern, isPattern } from './glob.ts';
import { checksAbove } from './include-check.ts';
import { Parser } from './parser.ts';
import { predefinedNames } from './predefined.ts';
import { Preprocessor } from './preprocessor.ts';
import type { Problems } from './problem.ts';
import { Source, type SourceReader } from './source.ts';
import { type Statement, TreeBuilder, wordOffset } from './tree.ts';

/** Most characters of all files together; the largest real configurations have two million. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_FILES = 1000;

/** Variants that make it an error when a pattern matches nothing, and when one of its `{a,b}` does not. */
const PATTERN_MUST_MATCH: readonly string[] = ['includew', 'includea'];
const CHOICES_MUST_MATCH: readonly string[] = ['includeb', 'includea'];
/** The variant for files that need not be there. */
const OPTIONAL = 'includer';

export interface ReadFiles {
  readonly statements: readonly Statement[];
  /** What conditions were compared with, empty when there is no config id; null when there are no conditions. */
  readonly comparedWith: string | null;
}

/** The statements of a file and of all it includes. A file that cannot be read is a problem at the place that names it. */
export function readStatements(path: string, reader: SourceReader, problems: Problems): readonly Statement[] {
  return readFiles(path, reader, problems).statements;
}

export function readFiles(path: string, reader: SourceReader, problems: Problems): ReadFiles {
  const loader = new Loader(reader, problems);
  const main = new Source(path, '');
  loader.load(path, message => {
    problems.error(main, 0, message, 'check the name and the rights of the file');
  });
  return { statements: loader.finish(), comparedWith: loader.comparedWith };
}

class Loader {
  private readonly reader: SourceReader;
  private readonly problems: Problems;
  private readonly builder: TreeBuilder;
  private readonly preprocessor: Preprocessor;
  private readonly parser: Parser;
  /** Files being read, the main one first: a file that is in here already includes itself. */
  private readonly open: string[] = [];
  comparedWith: string | null = null;
  private files = 0;
  private characters = 0;

  constructor(reader: SourceReader, problems: Problems) {
    this.reader = reader;
    this.problems = problems;
    this.builder = new TreeBuilder(problems);
    const configId = (): string | null => this.configId();
    const names = predefinedNames({ configId, folder: () => this.folder() });
    this.preprocessor = new Preprocessor(problems, names, {
      configId: () => {
        const id = configId();
        this.comparedWith = id ?? '';
        return id;
      },
      line: source => this.parser.line(source),
    });
    this.parser = new Parser(problems, this.builder, {
      include: statement => this.include(statement),
      special: (source, start) => this.preprocessor.read(source, start),
    });
  }

  /** `miss` is told of a file that cannot be read. */
  load(path: string, complain: (message: string) => void, miss = complain): void {
    const text = this.read(path, complain, miss);
    if (text === null) return;
    this.open.push(path);
    this.parser.file(new Source(path, text));
    this.open.pop();
  }

  finish(): Statement[] {
    if (this.preprocessor.isExhausted) return [];
    this.builder.finish();
    return this.builder.top;
  }

  private configId(): string | null {
    const { configId, hostName } = this.reader;
    return configId ?? this.hostNameAbove() ?? hostName?.split('.')[0] ?? null;
  }

  /** The board's name, when a system block above has one: a workstation reads the file as the board will. */
  private hostNameAbove(): string | undefined {
    const block = this.builder.top.findLast(each => each.words[0] === 'system')?.block;
    return block?.findLast(each => each.words[0] === 'hostname')?.words[1];
  }

  /** Absolute, if it is known where relative names start. */
  private folder(): string {
    const folder = folderOf(this.open.at(-1)!).slice(0, -1);
    if (folder.startsWith('/')) return folder;
    return [this.reader.folder ?? '.', folder].filter(part => part !== '').join('/');
  }

  private read(
    path: string,
    complain: (message: string) => void,
    miss: (message: string) => void,
  ): string | null {
    if (this.open.includes(path)) {
      complain(`${path} includes itself: ${[...this.open, path].join(' -> ')}`);
      return null;
    }
    let text: string;
    try {
      text = this.reader.read(path);
    } catch (error) {
      miss(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
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

  private include(statement: Statement): void {
    const [keyword, name] = statement.words;
    const complain = (message: string): void => {
      const advice = 'name an existing file, relative to the folder of this one, or delete the line';
      this.problems.error(statement.source, wordOffset(statement, 1), message, advice);
    };
    const miss = keyword === OPTIONAL ? (message: string) => this.warn(statement, message) : complain;
    if (name === undefined || statement.words.length > 2) {
      complain(`${keyword} takes one file name`);
      return;
    }
    const path = name.startsWith('/') ? name : folderOf(this.open.at(-1)!) + name;
    const paths = isPattern(name) ? this.expand(path, statement, complain) : [path];
    for (const each of paths) this.load(each, complain, miss);
  }

  private expand(pattern: string, statement: Statement, complain: (message: string) => void): string[] {
    const list = this.reader.list?.bind(this.reader);
    if (list === undefined) {
      complain('patterns cannot be used here: folders cannot be listed');
      return [];
    }
    const keyword = statement.words[0]!;
    const checks = checksAbove(this.builder.top);
    const eachMustMatch = CHOICES_MUST_MATCH.includes(keyword) || checks.has('brace_match');
    const choices = alternatives(pattern);
    const isMissing = (choice: string): boolean => expandPattern(choice, list).length === 0;
    const missing = eachMustMatch && choices.length > 1 ? choices.find(isMissing) : undefined;
    if (missing !== undefined) complain(`no file matches ${missing}`);
    const paths = expandPattern(pattern, list).filter(each => !isFolder(each, list));
    if (paths.length > 0 || missing !== undefined) return paths;
    const message = `no file matches ${pattern}`;
    if (PATTERN_MUST_MATCH.includes(keyword) || checks.has('wildcard_match')) complain(message);
    else if (keyword !== OPTIONAL) this.warn(statement, message);
    return [];
  }

  private warn(statement: Statement, message: string): void {
    this.problems.warning(statement.source, wordOffset(statement, 1), message, 'nothing is included');
  }
}

/** With its slash; empty for a plain file name. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** keepalived passes over folders that a pattern matches. */
function isFolder(path: string, list: (folder: string) => string[]): boolean {
  try {
    list(path);
    return true;
  } catch {
    return false;
  }
}
