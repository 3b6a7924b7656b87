# gate: SHACL
# A property has two ranges.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX prov: <http://www.w3.org/ns/prov#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:citesWork rdfs:range pswo:CitedWork, prov:Entity } }
