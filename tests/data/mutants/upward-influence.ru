# gate: SHACL
# An influence is said to be one of the table, and has no entry there.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX influence: <https://w3id.org/pswonto/influence/>
DELETE { GRAPH ?g { influence:organizational-culture--relationships-with-team-members pswo:tableEntry ?e } } WHERE { GRAPH ?g { influence:organizational-culture--relationships-with-team-members pswo:tableEntry ?e } }
