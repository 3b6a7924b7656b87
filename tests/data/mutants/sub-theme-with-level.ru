# gate: checks
# A sub-theme is placed at a level by the table.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX level: <https://w3id.org/pswonto/level/>
PREFIX subtheme: <https://w3id.org/pswonto/subtheme/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { subtheme:stigma pswo:placedAtLevel level:micro } }
