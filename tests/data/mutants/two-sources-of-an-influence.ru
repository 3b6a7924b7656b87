# gate: reasoner
# An influence has two sources.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX factor: <https://w3id.org/pswonto/factor/>
PREFIX influence: <https://w3id.org/pswonto/influence/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { influence:organizational-culture--relationships-with-team-members pswo:hasSource factor:psw-wellbeing } }
