# gate: reasoner
# A factor is a detail as well.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX factor: <https://w3id.org/pswonto/factor/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { factor:psw-wellbeing a pswo:Detail } }
