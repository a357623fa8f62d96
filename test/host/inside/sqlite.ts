// Databases: what goes in comes out, what is wrong throws, and either end may be let go of first.
import test from 'ava';
import * as host from 'host';

const folder = `/run/scratch/sqlite-${host.pid}`;
host.makeDirectory(folder, 0o700);
let files = 0;

function fresh(): host.Database {
  return host.openDatabase(`${folder}/${files++}.db`);
}

test('values come back as what they are', t => {
  const database = fresh();
  database.exec('CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n)');
  const insert = database.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)');
  const bytes = Uint8Array.from([0, 255, 7]);
  for (const count of [0, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1]) {
    insert.run(count, count / 2, 'a\0ä😀', bytes, null);
    const row = database.prepare('SELECT * FROM t WHERE i = ?').get(count) as Record<string, unknown>;
    t.deepEqual(row, { i: count, r: count / 2, s: 'a\0ä😀', b: bytes, n: null });
    t.is(JSON.stringify(row.i), String(count));
  }
  insert.run(null, Number.POSITIVE_INFINITY, '', new Uint8Array(0), 1.5);
  const [last] = database.prepare('SELECT r, s, n FROM t WHERE i IS NULL').all();
  t.deepEqual(last, { r: Number.POSITIVE_INFINITY, s: '', n: 1.5 });
});

test('get gives the first row or undefined, all gives all, run none', t => {
  const database = fresh();
  database.exec('CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1), (2), (3)');
  const select = database.prepare('SELECT i FROM t WHERE i > ? ORDER BY i');
  t.deepEqual(select.get(1), { i: 2 });
  t.deepEqual(select.all(1), [{ i: 2 }, { i: 3 }]);
  t.is(select.get(9), undefined);
  t.deepEqual(select.all(9), []);
  t.is(select.run(0), undefined);
});

test('what was written is there for the next one, and a rollback takes it back', t => {
  const path = `${folder}/kept.db`;
  const first = host.openDatabase(path);
  first.exec(
    'CREATE TABLE t (i INTEGER); BEGIN; INSERT INTO t VALUES (1); COMMIT; BEGIN; INSERT INTO t VALUES (2); ROLLBACK',
  );
  first.close();
  t.deepEqual(host.openDatabase(path).prepare('SELECT i FROM t').all(), [{ i: 1 }]);
});

test('what SQLite refuses throws with what it says', t => {
  const database = fresh();
  t.throws(() => database.exec('SELECT * FROM missing'), { message: /^sqlite: no such table: missing/ });
  t.throws(() => database.prepare('SELEC 1'), { message: /^sqlite: near "SELEC": syntax error/ });
  database.exec('CREATE TABLE t (i INTEGER PRIMARY KEY NOT NULL)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  insert.run(1);
  t.throws(() => insert.run(1), { message: /UNIQUE constraint failed/ });
  // A statement that has failed goes on.
  insert.run(2);
  t.throws(() => host.openDatabase(`${folder}/none/x.db`), { message: /unable to open database file/ });
});

test('a file that is no database is refused when it is used', t => {
  const path = `${folder}/text.db`;
  const fd = host.open(path, 0o102, 0o600);
  host.write(fd, host.encodeUtf8('this is not a database, however long it may be. '.repeat(40)), 0);
  host.close(fd);
  const database = host.openDatabase(path);
  t.throws(() => database.exec('CREATE TABLE t (i)'), { message: /file is not a database/ });
  database.close();
});

test('wrong arguments throw', t => {
  const database = fresh();
  database.exec('CREATE TABLE t (i)');
  const insert = database.prepare('INSERT INTO t VALUES (?)') as unknown as {
    run(...values: unknown[]): void;
  };
  for (const value of [undefined, true, {}, [], Symbol('s'), 10n, () => {}, new Uint16Array(1)])
    t.throws(() => insert.run(value));
  t.throws(() => insert.run(), { message: 'the statement takes 1 values, not 0' });
  t.throws(() => insert.run(1, 2));
  const anything = host.openDatabase as (path?: unknown) => unknown;
  for (const path of [undefined, null, 7, {}, 'a\0b']) t.throws(() => anything(path));
  for (const text of [undefined, null, 7, 'a\0b']) {
    t.throws(() => (database.exec as (text?: unknown) => void)(text));
    t.throws(() => (database.prepare as (text?: unknown) => void)(text));
  }
  t.throws(() => database.exec.call({}, 'SELECT 1'));
  t.throws(() => insert.run.call(database, 1));
  t.deepEqual(database.prepare('SELECT count(*) AS n FROM t').all(), [{ n: 0 }]);
});

test('a statement may outlive its database, and nothing is done with a closed one', t => {
  const database = fresh();
  database.exec('CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1)');
  const select = database.prepare('SELECT i FROM t');
  database.close();
  t.deepEqual(select.all(), [{ i: 1 }]);
  t.throws(() => database.exec('SELECT 1'));
  t.throws(() => database.close());
  // A text without a statement in it is a statement that cannot be run.
  t.throws(() => fresh().prepare('-- nothing').run());
  host.collectGarbage();
});

test('thousands of rows and statements leave nothing behind', t => {
  const database = fresh();
  database.exec('CREATE TABLE t (i INTEGER, s TEXT); BEGIN');
  for (let i = 0; i < 2000; i++) database.prepare('INSERT INTO t VALUES (?, ?)').run(i, `row ${i}`);
  database.exec('COMMIT');
  t.deepEqual(database.prepare('SELECT count(*) AS n, max(i) AS most FROM t').get(), { n: 2000, most: 1999 });
  t.is(database.prepare('SELECT * FROM t').all().length, 2000);
  host.collectGarbage();
});
