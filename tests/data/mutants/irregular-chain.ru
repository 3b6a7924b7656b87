# gate: profile
# A chain gives a step of itself at both ends, through another property.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:partOfTheme owl:propertyChainAxiom ( pswo:concerns pswo:partOfTheme ) . pswo:concerns owl:propertyChainAxiom ( pswo:partOfTheme pswo:concerns ) } }
