# gate: profile
# A property that follows from a chain may have one value only.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:atLevel a owl:FunctionalProperty } }
