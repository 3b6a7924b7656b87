# gate: checks
# A gap concerns a theme that nothing describes.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX subtheme: <https://w3id.org/pswonto/subtheme/>
PREFIX gap: <https://w3id.org/pswonto/gap/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { gap:gender pswo:concernsTheme subtheme:gender } }
