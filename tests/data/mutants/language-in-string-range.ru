# gate: reasoner
# A text with a language stands where a plain one must.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX level: <https://w3id.org/pswonto/level/>
DELETE DATA { GRAPH <https://w3id.org/pswonto/framework> { level:macro pswo:printedAs "Macro level" } }
;
INSERT DATA { GRAPH <https://w3id.org/pswonto/framework> { level:macro pswo:printedAs "Macro level"@en } }
