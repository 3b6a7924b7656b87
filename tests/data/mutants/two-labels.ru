# gate: SHACL
# A class has two labels in one language.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:Factor rdfs:label "circumstance"@en } }
