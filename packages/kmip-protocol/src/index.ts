export { ClavigerError, ERROR_CODES, type ErrorCode } from './error.ts';
