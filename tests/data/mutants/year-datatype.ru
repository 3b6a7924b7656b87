# gate: reasoner
# A year is written as xsd:gYear, which is no datatype of OWL 2.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:publicationYear rdfs:range xsd:gYear } }
