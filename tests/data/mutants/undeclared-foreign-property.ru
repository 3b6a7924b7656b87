# gate: profile
# A property of another vocabulary is used and not declared.
PREFIX work: <https://w3id.org/pswonto/work/>
INSERT DATA { GRAPH <https://w3id.org/pswonto/works> { work:asad-2016 <http://schema.org/isPartOf> work:mirbahaeddin-2022 } }
