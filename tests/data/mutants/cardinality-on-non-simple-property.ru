# gate: profile
# A number is asked of a property that follows from a chain.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:Factor rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pswo:atLevel ; owl:maxCardinality 3 ] } }
