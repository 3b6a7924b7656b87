# gate: reasoner
# A class is put below two that share no member.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <https://w3id.org/pswonto/core> { pswo:MacroFactor rdfs:subClassOf pswo:SubTheme } }
