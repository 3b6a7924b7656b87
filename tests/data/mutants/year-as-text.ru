# gate: SHACL
# A year is a text.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX work: <https://w3id.org/pswonto/work/>
DELETE { GRAPH ?g { work:asad-2016 pswo:publicationYear ?y } } INSERT { GRAPH ?g { work:asad-2016 pswo:publicationYear "2016" } } WHERE { GRAPH ?g { work:asad-2016 pswo:publicationYear ?y } }
