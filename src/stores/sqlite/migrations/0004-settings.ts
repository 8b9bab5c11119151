/** What the engine itself must find again: the secret with which callback addresses are signed. */
export const SETTINGS = `
create table settings (
  name text primary key,
  text text not null
) strict, without rowid;
`;
