# gate: checks
# An influence is there a second time under another name.
PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX factor: <https://w3id.org/pswonto/factor/>
PREFIX influence: <https://w3id.org/pswonto/influence/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/evidence> { influence:again a owl:NamedIndividual, pswo:NarrativeInfluence ; rdfs:label "Culture → team members"@en ; pswo:hasSource factor:organizational-culture ; pswo:hasTarget factor:relationships-with-team-members ; dcterms:source "Mirbahaeddin & Chreim 2022, Results" ; rdfs:isDefinedBy <https://w3id.org/pswonto/evidence> } }
