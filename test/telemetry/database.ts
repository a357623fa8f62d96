// Databases of Node's own SQLite in memory, each kept as long as the test, however often it is opened.
import { DatabaseSync } from 'node:sqlite';
import type { Database } from '../../src/platform/platform.ts';

/** Opens databases by their path; `forget` loses one. */
export function createDatabases(): { open(path: string): Database; forget(path: string): void } {
  const databases = new Map<string, DatabaseSync>();
  return {
    open(path) {
      const database = databases.get(path) ?? new DatabaseSync(':memory:');
      databases.set(path, database);
      return {
        exec: statements => database.exec(statements),
        prepare: statement => database.prepare(statement) as ReturnType<Database['prepare']>,
        close: () => {},
      };
    },
    forget: path => databases.delete(path),
  };
}
