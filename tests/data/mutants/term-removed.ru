# gate: removal
# A gap is removed that was published before.
PREFIX gap: <https://w3id.org/pswonto/gap/>
DELETE { GRAPH ?g { gap:gender ?p ?o } } WHERE { GRAPH ?g { gap:gender ?p ?o } }
