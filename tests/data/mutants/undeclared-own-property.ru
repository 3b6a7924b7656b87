# gate: checks
# A property of ours is misspelt.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX work: <https://w3id.org/pswonto/work/>
PREFIX statement: <https://w3id.org/pswonto/statement/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { statement:0001 pswo:citesWorks work:byrne-2016 } }
