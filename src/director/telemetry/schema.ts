// The tables of the telemetry process's database. Times of periods are milliseconds since the system started, all others since 1970.

/** Kinds of periods. */
export const DAY = 0;
export const WINDOW = 1;
export const OPEN = 2;

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS period (
  device TEXT NOT NULL, kind INTEGER NOT NULL, start INTEGER NOT NULL, observed INTEGER NOT NULL,
  sectorsRead INTEGER NOT NULL, writes INTEGER NOT NULL, sectorsWritten INTEGER NOT NULL, sectorsPermitted INTEGER NOT NULL,
  bursts INTEGER NOT NULL, readings INTEGER NOT NULL, PRIMARY KEY (device, kind, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gauge (
  name TEXT NOT NULL, kind INTEGER NOT NULL, start INTEGER NOT NULL, least REAL NOT NULL, most REAL NOT NULL, sum REAL NOT NULL,
  count INTEGER NOT NULL, PRIMARY KEY (name, kind, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS writer (
  name TEXT NOT NULL, file TEXT NOT NULL, pid INTEGER NOT NULL, bytes INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (name, file)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL);
`;
