// npm start -- --demo: shows by itself what the pair does, and fails when it does not.
import { answersPerServer, endsAnswered, longestGap, type Sample } from './gap.ts';
import { type Director, type Lab, services, untilServed } from './lab.ts';
import { webs } from './plan.ts';

/** Milliseconds between two requests while something is made to fail. */
const PACE = 20;
/** The longest interruption that still counts as having worked, in milliseconds. */
const LONGEST = 10_000;

function describe(samples: readonly Sample[]): string {
  const counts = [...answersPerServer(samples)].map(([server, count]) => `${server} ${count}`);
  const failed = samples.filter(sample => sample.server === null).length;
  return `${counts.join(', ') || 'no answer'}${failed > 0 ? ` (${failed} not answered)` : ''}`;
}

async function balance(lab: Lab, name: string, url: string): Promise<void> {
  const samples = await lab.client.getMany(url, 40);
  console.log(`${name}, 40 requests to ${url}: ${describe(samples)}`);
  const counts = answersPerServer(samples);
  if (webs.every(web => counts.has(web.name))) return;
  throw new Error(`${name}: not every real server was used`);
}

/** Runs `change` under load, until `settled` and both services are answered; prints the gaps. */
async function during(
  lab: Lab,
  title: string,
  change: () => Promise<void>,
  settled: () => Promise<void>,
): Promise<void> {
  const loads = Object.entries(services).map(([name, url]) => ({ name, load: lab.client.load(url, PACE) }));
  await Promise.all(loads.map(({ load }) => load.flowing));
  await change();
  await settled();
  for (const url of Object.values(services)) await untilServed(lab, url, webs.length, 30_000);
  for (const { name, load } of loads) {
    const samples = await load.stop();
    const gap = longestGap(samples);
    console.log(`${title}, ${name}: ${describe(samples)}; longest gap ${gap.toFixed(0)} ms`);
    if (!endsAnswered(samples) || gap > LONGEST) throw new Error(`${title}: requests did not go on`);
  }
}

async function untilMaster(director: Director): Promise<void> {
  const wait = 'until director vrrp | grep -q "state *MASTER"; do sleep 1; done';
  await director.shell.must(`timeout 60 sh -c '${wait}'`, 90_000);
}

/** Throws when something did not happen as it should. */
export async function demo(lab: Lab): Promise<void> {
  const [first, second] = lab.directors;
  if (!first || !second) throw new Error('the demonstration needs two directors');
  await untilMaster(first);
  for (const url of Object.values(services)) await untilServed(lab, url, webs.length, 60_000);
  await balance(lab, 'direct routing', services.direct);
  await balance(lab, 'NAT', services.nat);

  console.log(await first.shell.must('ipvsadm -Ln'));
  let written = await first.machine.sectorsWritten();
  await during(
    lab,
    `${first.plan.name} loses power`,
    () => first.machine.powerOff(),
    () => untilMaster(second),
  );
  await during(
    lab,
    `${first.plan.name} returns`,
    () => lab.restart(first),
    () => untilMaster(first),
  );
  await balance(lab, 'direct routing', services.direct);
  await balance(lab, 'NAT', services.nat);

  written += await first.machine.sectorsWritten();
  const others = await second.machine.sectorsWritten();
  console.log(
    `sectors written to the cards since boot: ${first.plan.name} ${written}, ${second.plan.name} ${others}`,
  );
  if (written + others > 0) throw new Error('a card was written to');
}
