// The database of the telemetry process: what it knows outlives it. It lies in the run directory, which is RAM, and ends with the boot.
import type { Database, Statement } from '../../platform/platform.ts';
import type { BudgetState } from '../flash/budget.ts';
import type { Reading } from '../flash/difference.ts';
import type { Period } from '../flash/history.ts';
import type { FlashState, WriterReport } from '../protocol.ts';
import type { GaugePeriod } from './gauges.ts';
import { DAY, OPEN, SCHEMA, WINDOW } from './schema.ts';
import { NEW_WATCH, type Watch } from './watch.ts';
import type { Writer } from './writers.ts';

/** Rows of these tables that are kept. */
const MOST_WRITERS = 32;
const MOST_NOTES = 50;

/** What a table of periods has of one thing. */
interface Periods<P> {
  readonly open: P;
  readonly windows: readonly P[];
  readonly days: readonly P[];
}

type Row<P> = P & { readonly name: string; readonly kind: number };

export class Store {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  #saved: Watch = NEW_WATCH;

  /** Throws an Error when this is no database, or none of this form. */
  constructor(database: Database) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /** What was saved last, or what is known in the beginning. Throws an Error when it cannot be read. */
  load(): Watch {
    const reading = this.#value<Reading>('reading');
    if (reading === null) return NEW_WATCH;
    const periods = this.#all('SELECT device AS name, * FROM period ORDER BY device, kind, start');
    const gauges = this.#all('SELECT * FROM gauge ORDER BY name, kind, start');
    this.#saved = {
      ...NEW_WATCH,
      monitor: { last: reading, histories: collect(periods as Row<Period>[], periodOf) },
      gauges: collect(gauges as Row<GaugePeriod>[], gaugePeriodOf),
      budget: this.#value<BudgetState>('budget'),
      seen: new Map(this.#value<[string, number][]>('seen') ?? []),
      toldAt: new Map(this.#value<[string, number][]>('toldAt') ?? []),
    };
    return this.#saved;
  }

  /** Keeps what differs from what was saved last, all of it or nothing. */
  save(watch: Watch): void {
    const { monitor, gauges, budget, seen, toldAt } = watch;
    this.#atOnce(() => {
      this.#keep('reading', monitor.last);
      this.#keep('budget', budget);
      this.#keep('seen', [...seen]);
      this.#keep('toldAt', [...toldAt]);
      this.#keepPeriods(
        'period',
        'device',
        this.#saved.monitor.histories,
        monitor.histories,
        (name, kind, each) =>
          this.#run(
            'INSERT INTO period VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            ...[name, kind, each.start, each.observed, each.sectorsRead, each.writes, each.sectorsWritten],
            ...[each.sectorsPermitted, each.bursts, each.readings],
          ),
      );
      this.#keepPeriods('gauge', 'name', this.#saved.gauges, gauges, (name, kind, each) =>
        this.#run(
          'INSERT INTO gauge VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[name, kind, each.start, each.least, each.most, each.sum, each.count],
        ),
      );
    });
    this.#saved = watch;
  }

  addWriters(writers: readonly Writer[], at: number): void {
    this.#atOnce(() => {
      for (const { name, file, pid, bytes } of writers) {
        this.#run(
          'INSERT INTO writer VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, file) DO UPDATE SET ' +
            'pid = excluded.pid, bytes = bytes + excluded.bytes, at = excluded.at',
          ...[name, file ?? '', pid, bytes, at],
        );
      }
      this.#run(
        'DELETE FROM writer WHERE (name, file) NOT IN (SELECT name, file FROM writer ORDER BY at DESC LIMIT ?)',
        MOST_WRITERS,
      );
    });
  }

  addNote(at: number, text: string): void {
    this.#atOnce(() => {
      this.#run('INSERT INTO note (at, text) VALUES (?, ?)', at, text);
      this.#run('DELETE FROM note WHERE id <= (SELECT max(id) FROM note) - ?', MOST_NOTES);
    });
  }

  /** The last one first. */
  get writers(): WriterReport[] {
    const rows = this.#all('SELECT name, file, pid, bytes, at FROM writer ORDER BY at DESC, bytes DESC');
    return (rows as (WriterReport & { file: string })[]).map(row => ({ ...row, file: row.file || null }));
  }

  get notes(): FlashState['notes'] {
    return this.#all('SELECT at, text FROM note ORDER BY id DESC') as FlashState['notes'][number][];
  }

  close(): void {
    this.#database.close();
  }

  #keepPeriods<P>(
    table: string,
    key: string,
    saved: ReadonlyMap<string, Periods<P>>,
    now: ReadonlyMap<string, Periods<P>>,
    insert: (name: string, kind: number, period: P) => void,
  ): void {
    for (const name of saved.keys())
      if (!now.has(name)) this.#run(`DELETE FROM ${table} WHERE ${key} = ?`, name);
    for (const [name, history] of now) {
      const before = saved.get(name);
      if (before === history) continue;
      const isSameTime = before?.windows === history.windows && before.open !== history.open;
      if (isSameTime) this.#run(`DELETE FROM ${table} WHERE ${key} = ? AND kind = ?`, name, OPEN);
      else {
        this.#run(`DELETE FROM ${table} WHERE ${key} = ?`, name);
        for (const each of history.days) insert(name, DAY, each);
        for (const each of history.windows) insert(name, WINDOW, each);
      }
      insert(name, OPEN, history.open);
    }
  }

  #keep(name: string, value: unknown): void {
    this.#run('INSERT OR REPLACE INTO state VALUES (?, ?)', name, JSON.stringify(value));
  }

  #value<T>(name: string): T | null {
    const row = this.#statement('SELECT value FROM state WHERE name = ?').get(name);
    return row === undefined ? null : (JSON.parse((row as { value: string }).value) as T);
  }

  #run(text: string, ...values: (string | number)[]): void {
    this.#statement(text).run(...values);
  }

  #all(text: string): object[] {
    return this.#statement(text).all();
  }

  #statement(text: string): Statement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  #atOnce(work: () => void): void {
    this.#database.exec('BEGIN');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function collect<P, H extends Periods<P>>(rows: readonly Row<P>[], read: (row: Row<P>) => P): Map<string, H> {
  const found = new Map<string, { open?: P; windows: P[]; days: P[] }>();
  for (const row of rows) {
    const history = found.get(row.name) ?? { windows: [], days: [] };
    found.set(row.name, history);
    if (row.kind === OPEN) history.open = read(row);
    else (row.kind === DAY ? history.days : history.windows).push(read(row));
  }
  for (const [name, { open }] of found) if (open === undefined) throw new Error(`${name} has no open window`);
  return found as unknown as Map<string, H>;
}

function periodOf({
  start,
  observed,
  sectorsRead,
  writes,
  sectorsWritten,
  sectorsPermitted,
  bursts,
  readings,
}: Period): Period {
  return { start, observed, sectorsRead, writes, sectorsWritten, sectorsPermitted, bursts, readings };
}

function gaugePeriodOf({ start, least, most, sum, count }: GaugePeriod): GaugePeriod {
  return { start, least, most, sum, count };
}
