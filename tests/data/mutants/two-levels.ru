# gate: reasoner
# A factor is placed at a second level.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX level: <https://w3id.org/pswonto/level/>
PREFIX factor: <https://w3id.org/pswonto/factor/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { factor:psw-wellbeing pswo:placedAtLevel level:macro } }
