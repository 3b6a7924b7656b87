# gate: profile
# A shape stands among the axioms.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:Level sh:property [ sh:path rdfs:label ; sh:minCount 1 ] } }
