# gate: checks
# A statement cites a work that its paragraph does not.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX work: <https://w3id.org/pswonto/work/>
PREFIX statement: <https://w3id.org/pswonto/statement/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { statement:0001 pswo:citesWork work:wall-2020 } }
