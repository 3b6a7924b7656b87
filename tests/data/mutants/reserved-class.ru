# gate: profile
# A class is put below a term of the language itself.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:Level rdfs:subClassOf rdfs:Resource } }
