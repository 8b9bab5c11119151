/** API keys: who may ask a server for what. The key itself is nowhere; its hash is enough to know it again. */
export const KEYS = `
create table keys (
  key_id text primary key,
  hash text not null,
  text text not null
) strict, without rowid;
`;
