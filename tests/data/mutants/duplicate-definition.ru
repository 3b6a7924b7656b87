# gate: checks
# Two classes have the same definition.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DELETE { GRAPH ?g { pswo:SubTheme skos:definition ?d } } INSERT { GRAPH ?g { pswo:SubTheme skos:definition ?f } } WHERE { GRAPH ?g { pswo:SubTheme skos:definition ?d . pswo:Factor skos:definition ?f } }
