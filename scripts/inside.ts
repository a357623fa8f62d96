// node scripts/inside.ts COMMAND...: runs a command in the private namespaces of scripts/lab/namespace.ts, for instance
// `node scripts/inside.ts ava test/host/vrrp.test.ts` or a shell to look around in.
import { checkNamespaces, continueInside } from './lab/namespace.ts';

checkNamespaces();
await continueInside(process.argv.slice(2));
