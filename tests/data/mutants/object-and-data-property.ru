# gate: profile
# One property leads both to things and to texts.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:citesWork a owl:DatatypeProperty } }
