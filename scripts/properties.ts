/**
 * Before each file of tests: properties try the same cases in every run of `npm test`, so that a run fails for
 * what was changed and for nothing else. PROPERTY_SEED=any tries others, PROPERTY_SEED=N those of one seed.
 */
import fc from 'fast-check';

const asked = process.env['PROPERTY_SEED'] ?? '20261123';
fc.configureGlobal(asked === 'any' ? {} : { seed: Number(asked) });
