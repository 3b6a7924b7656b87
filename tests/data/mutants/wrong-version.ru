# gate: version
# A module bears another version than the package.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
DELETE { GRAPH ?g { <https://w3id.org/pswonto/works> owl:versionInfo ?v } } INSERT { GRAPH ?g { <https://w3id.org/pswonto/works> owl:versionInfo "0.2.0" } } WHERE { GRAPH ?g { <https://w3id.org/pswonto/works> owl:versionInfo ?v } }
