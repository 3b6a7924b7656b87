# gate: removal
# A jurisdiction that nothing else names gets another IRI.
PREFIX gap: <https://w3id.org/pswonto/gap/>
DELETE { GRAPH ?g { gap:quantitative-research ?p ?o } } INSERT { GRAPH ?g { gap:quantitative-studies ?p ?o } } WHERE { GRAPH ?g { gap:quantitative-research ?p ?o } }
