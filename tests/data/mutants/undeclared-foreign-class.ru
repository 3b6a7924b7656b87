# gate: profile
# A class of another vocabulary is used and not declared.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:Level rdfs:subClassOf <http://example.org/Tier> } }
