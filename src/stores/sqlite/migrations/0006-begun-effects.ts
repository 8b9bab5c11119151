/** Tries that are sent at most once: that one begins is written down before it is sent. */
export const BEGUN_EFFECTS = `
alter table effects add column is_begun integer not null default 0;
`;
