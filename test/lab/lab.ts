// One lab for all tests of a file: started before the first, stopped after the last.
import { join } from 'node:path';
import type { TestFn } from 'ava';
import { type Director, type Lab, type LabOptions, startLab } from '../../scripts/lab/lab.ts';

const root = join(import.meta.dirname, '../..');
/** Where the images of all boards are before the suite starts. */
export const images = join(root, 'out');
/** Consoles are logged here. */
export const logs = join(images, 'lab');

/** Returns a function that gives the running lab. */
export function useLab(test: TestFn, options: Partial<LabOptions> = {}): () => Lab {
  let lab: Lab | undefined;
  test.before('the lab starts', async t => {
    t.timeout(600_000);
    lab = await startLab({ image: join(images, 'net4801.img'), logs, ...options });
  });
  test.after.always('the lab stops', () => lab?.stop());
  return () => {
    if (!lab) throw new Error('the lab did not start');
    return lab;
  };
}

/** The first director of the lab. */
export function first(lab: Lab): Director {
  const [director] = lab.directors;
  if (!director) throw new Error('the lab has no director');
  return director;
}

/** The second director of the lab. */
export function second(lab: Lab): Director {
  const [, director] = lab.directors;
  if (!director) throw new Error('the lab has one director only');
  return director;
}

/** Waits until a director is master. */
export async function untilMaster({ shell }: Director): Promise<void> {
  await shell.must('until director vrrp | grep -q "state *MASTER"; do sleep 1; done', 60_000);
}

/** What a console command prints with --json. */
export async function ask<T>({ shell }: Director, command: string): Promise<T> {
  return JSON.parse(await shell.must(`director ${command} --json`)) as T;
}
