# gate: checks
# An object property has no range.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE { GRAPH ?g { pswo:citesWork rdfs:range ?c } } WHERE { GRAPH ?g { pswo:citesWork rdfs:range ?c } }
