# gate: SHACL
# A class has no definition.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DELETE { GRAPH ?g { pswo:Factor skos:definition ?d } } WHERE { GRAPH ?g { pswo:Factor skos:definition ?d } }
