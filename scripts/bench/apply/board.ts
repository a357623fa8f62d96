// apply SERVICES SERVERS: what the checker process does with a table, by itself: reads the kernel's, plans, carries out. Prints the
// milliseconds that took. Runs on the board.
import '../../../src/platform/globals.ts';
import { TableKeeper } from '../../../src/director/ipvs/keeper.ts';
import { createPlatform } from '../../../src/platform/quickjs.ts';
import { table } from './config.ts';

const platform = createPlatform();
const [services = 0, servers = 0] = platform.processes.args.map(Number);
const wanted = table({ services, servers });
const keeper = new TableKeeper(platform, {
  repaired: () => {},
  adopted: () => {},
  trouble: text => platform.printError(`${text}\n`),
});
const start = platform.clock.monotonic();
await keeper.want(wanted);
platform.print(`${platform.clock.monotonic() - start}\n`);
platform.processes.exit(keeper.trouble === null ? 0 : 1);
