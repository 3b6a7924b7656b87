# gate: checks
# A description of a study is gone, and what it rests on is still there.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX work: <https://w3id.org/pswonto/work/>
DELETE { GRAPH ?g { work:asad-2016 pswo:setting ?s } } WHERE { GRAPH ?g { work:asad-2016 pswo:setting ?s } }
