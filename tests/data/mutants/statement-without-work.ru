# gate: SHACL
# A statement cites no work.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX statement: <https://w3id.org/pswonto/statement/>
DELETE { GRAPH ?g { statement:0001 pswo:citesWork ?w } } WHERE { GRAPH ?g { statement:0001 pswo:citesWork ?w } }
