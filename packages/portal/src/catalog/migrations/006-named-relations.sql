-- Relations that the model of a portal brings are stored as `forward/inverse` and found by either name.
create index relation_forward_name on relation (lower(split_part(type, '/', 1))) where type like '%/%';
create index relation_inverse_name on relation (lower(split_part(type, '/', 2))) where type like '%/%';
