// What only programs outside browsers need.
export { cookieFetch } from './cookies.ts';
