# gate: SHACL
# A module does not say on which terms it may be used.
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { GRAPH ?g { <https://w3id.org/pswonto/core> dcterms:license ?l } } WHERE { GRAPH ?g { <https://w3id.org/pswonto/core> dcterms:license ?l } }
