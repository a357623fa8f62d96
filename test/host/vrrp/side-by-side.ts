// Several scenarios of one test at once: they mostly wait, each on a segment of its own.
import type { ExecutionContext } from 'ava';

export interface Scenario {
  readonly title: string;
  /** Gets a context of its own: what it starts ends with it. */
  run(t: ExecutionContext): Promise<void>;
}

/** Milliseconds that a scenario gets. One that waits for ever must show its logs, which the end of the whole suite would not. */
const PATIENCE = 150_000;

/** Runs all of them to their ends; the test fails with the first one that failed, and shows the logs of all that did. */
export async function sideBySide(t: ExecutionContext, scenarios: readonly Scenario[]): Promise<void> {
  t.timeout(2 * PATIENCE);
  const attempts = await Promise.all(
    scenarios.map(scenario => t.try(scenario.title, each => patiently(scenario.run(each)))),
  );
  for (const attempt of attempts) {
    if (!attempt.passed) t.log(`failed: ${attempt.title}`);
    attempt.commit({ retainLogs: !attempt.passed });
  }
}

async function patiently(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of it within ${PATIENCE} ms`)), PATIENCE);
  });
  // Told so only once: what it still waits for then rejects when its processes end.
  work.catch(() => {});
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
