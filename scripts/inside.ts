// node scripts/inside.ts COMMAND...: runs a command in the private namespaces of scripts/lab/namespace.ts, for instance
// `node scripts/inside.ts ava test/host/vrrp.test.ts` or a shell to look around in.
import { checkNamespaces, insideCommand } from './lab/namespace.ts';

checkNamespaces();
const command = insideCommand(process.argv.slice(2));
process.execve?.(command[0] ?? '', command, process.env);
