// The keywords of `global_defs` about checks.
import { toggle } from '../vocabulary.ts';

export const globalCheckKeywords = () => ({
  checker_log_all_failures: toggle({
    help: 'Each failed attempt of every check is logged while its server is up.',
    example: 'checker_log_all_failures',
  }),
});
