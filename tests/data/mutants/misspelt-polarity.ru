# gate: SHACL
# A statement has a polarity that does not exist.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX polarity: <https://w3id.org/pswonto/polarity/>
PREFIX statement: <https://w3id.org/pswonto/statement/>
DELETE { GRAPH ?g { statement:0012 pswo:hasPolarity ?p } } INSERT { GRAPH ?g { statement:0012 pswo:hasPolarity polarity:enabling } } WHERE { GRAPH ?g { statement:0012 pswo:hasPolarity ?p } }
