export { type TtlvItemArbitraryOptions, ttlvItemArbitrary } from './ttlv-arbitrary.fixtures.ts';
