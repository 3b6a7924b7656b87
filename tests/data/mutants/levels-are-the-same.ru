# gate: reasoner
# Two levels are said to be one.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX level: <https://w3id.org/pswonto/level/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/framework> { level:macro owl:sameAs level:micro } }
