# gate: SHACL
# A statement is a barrier and an enabler at once.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX polarity: <https://w3id.org/pswonto/polarity/>
PREFIX statement: <https://w3id.org/pswonto/statement/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { statement:0001 pswo:hasPolarity polarity:enabler } }
