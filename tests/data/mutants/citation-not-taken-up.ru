# gate: checks
# A statement no longer cites one of the works of its sentence.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX work: <https://w3id.org/pswonto/work/>
PREFIX statement: <https://w3id.org/pswonto/statement/>
DELETE DATA { GRAPH <https://w3id.org/pswonto/evidence> { statement:0014 pswo:citesWork work:matsui-2013 } }
