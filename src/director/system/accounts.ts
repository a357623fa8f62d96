// Users and groups by name, as passwd(5) and group(5) list them; numbers are taken as they are.
import { type Account, isSystemError, type Platform } from '../../platform/platform.ts';

/** Whom scripts run as where nothing else is said, when there is such a user; keepalived's name for it. */
const SCRIPT_USER = 'keepalived_script';

const ROOT: Account = { user: 0, group: 0 };

/** No user or group of that name; the message says which. */
export class UnknownAccount extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownAccount';
  }
}

/**
 * The account of a user and a group. Without a group it is the user's own; without both the scripts' default. Throws an
 * UnknownAccount.
 */
export function accountOf(platform: Platform, user: string | null, group: string | null): Account {
  const owner = user === null ? defaultAccount(platform) : userNamed(platform, user);
  if (owner === null) throw new UnknownAccount(`there is no user ${user}`);
  return group === null ? owner : { user: owner.user, group: groupNamed(platform, group) };
}

function defaultAccount(platform: Platform): Account {
  return userNamed(platform, SCRIPT_USER) ?? ROOT;
}

function userNamed(platform: Platform, name: string): Account | null {
  const number = numberIn(name);
  const fields = find(platform, '/etc/passwd', name, number, 2);
  if (fields !== null) return { user: Number(fields[2]), group: Number(fields[3]) };
  return number === null ? null : { user: number, group: number };
}

function groupNamed(platform: Platform, name: string): number {
  const number = numberIn(name) ?? numberIn(find(platform, '/etc/group', name, null, 2)?.[2] ?? '');
  if (number === null) throw new UnknownAccount(`there is no group ${name}`);
  return number;
}

function numberIn(text: string): number | null {
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/** The fields of the line of that name, or with that number in field `at`. */
function find(
  platform: Platform,
  path: string,
  name: string,
  number: number | null,
  at: number,
): string[] | null {
  for (const line of readLines(platform, path)) {
    const fields = line.split(':');
    if (number === null ? fields[0] === name : fields[at] === String(number)) return fields;
  }
  return null;
}

function readLines(platform: Platform, path: string): string[] {
  try {
    return platform.files.readText(path).split('\n');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
