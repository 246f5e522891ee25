"""The rules of documents (FHIR R4) and of the International Patient Summary (2.0.1) that no model of single resources holds, as FHIRPath
on the bundle; of each a change that breaks it, and nothing else that matters here. `%fu` are the full URLs of the entries.

`hasValue()` is missing in the engine, so `exists()` stands in its place.
"""

from collections.abc import Callable

_REQUIRED = "(code = '11450-4' or code = '48765-2' or code = '10160-0')"


def _composition(document: dict) -> dict:
    return document["entry"][0]["resource"]


def _first(document: dict, kind: str, has: str = "resourceType") -> dict:
    resources = (entry["resource"] for entry in document["entry"])
    return next(one for one in resources if one["resourceType"] == kind and has in one)


def _laboratory(document: dict) -> dict:
    resources = (entry["resource"] for entry in document["entry"])
    return next(one for one in resources if str(one.get("category")).find("'laboratory'") >= 0)


def _code_section(document: dict, code: str) -> dict:
    return next(one for one in _composition(document)["section"] if one["code"]["coding"][0]["code"] == code)


def _empty(section: dict) -> None:
    section.pop("entry", None)
    section.pop("emptyReason", None)


def _both(section: dict) -> None:
    section["emptyReason"] = {"text": "none"}
    section["entry"] = [{"reference": "urn:uuid:none"}]


def _repeat(document: dict) -> None:
    document["entry"][2]["fullUrl"] = document["entry"][1]["fullUrl"]


# What it is, the line, what breaks it.
RULES: list[tuple[str, str, Callable[[dict], object]]] = [
    (
        "the bundle has an identifier (bdl-9)",
        "identifier.system.exists() and identifier.value.exists()",
        lambda it: it["identifier"].pop("system"),
    ),
    ("the bundle has a timestamp", "timestamp.exists()", lambda it: it.pop("timestamp")),
    ("the bundle is a document", "type = 'document'", lambda it: it.update(type="collection")),
    (
        "the composition comes first",
        "entry.first().resource is Composition",
        lambda it: it["entry"].append(it["entry"].pop(0)),
    ),
    (
        "there is no second composition (bdl-ips-1)",
        "entry.tail().where(resource is Composition).empty()",
        lambda it: it["entry"].append(it["entry"][0]),
    ),
    ("every entry has a full URL", "entry.all(fullUrl.exists())", lambda it: it["entry"][2].pop("fullUrl")),
    ("full URLs are distinct (bdl-7)", "entry.fullUrl.isDistinct()", _repeat),
    (
        "no full URL is of a version (bdl-8)",
        "entry.fullUrl.where(contains('/_history/')).empty()",
        lambda it: it["entry"][1].update(fullUrl="https://example.org/Patient/1/_history/2"),
    ),
    (
        "a document makes no request",
        "entry.request.empty()",
        lambda it: it["entry"][1].update(request={"method": "GET", "url": "Patient/1"}),
    ),
    ("every entry has a resource", "entry.all(resource.exists())", lambda it: it["entry"][-1].pop("resource")),
    (
        "it is a patient summary",
        "entry.first().resource.type.coding.where(system = 'http://loinc.org' and code = '60591-5').exists()",
        lambda it: _composition(it)["type"]["coding"][0].update(code="60591-6"),
    ),
    (
        "problems, allergies and medications are there",
        f"entry.first().resource.section.code.coding.where({_REQUIRED}).count() = 3",
        lambda it: _composition(it)["section"].remove(_code_section(it, "48765-2")),
    ),
    (
        "they have entries, or say why not (ips-comp-1)",
        f"entry.first().resource.section.where(code.coding.where({_REQUIRED}).exists())"
        ".all(entry.reference.exists() or emptyReason.exists())",
        lambda it: _empty(_code_section(it, "10160-0")),
    ),
    (
        "no section has entries and says why not (cmp-2)",
        "entry.first().resource.section.all(emptyReason.empty() or entry.empty())",
        lambda it: _both(_code_section(it, "11450-4")),
    ),
    (
        "every section has a text",
        "entry.first().resource.section.all(text.exists())",
        lambda it: _code_section(it, "11450-4").pop("text"),
    ),
    (
        "a patient has a name and a date of birth",
        "entry.resource.ofType(Patient).all(name.exists() and birthDate.exists())",
        lambda it: _first(it, "Patient").pop("birthDate"),
    ),
    (
        "a medication says since when",
        "entry.resource.ofType(MedicationStatement).all(effective.exists())",
        lambda it: _first(it, "MedicationStatement", "effectivePeriod").pop("effectivePeriod"),
    ),
    (
        "an observation is of a category",
        "entry.resource.ofType(Observation).all(category.exists())",
        lambda it: _first(it, "Observation").pop("category"),
    ),
    (
        "a result says who has it from when",
        "entry.resource.ofType(Observation).where(category.coding.code = 'laboratory')"
        ".all(performer.exists() and effective.exists())",
        lambda it: _laboratory(it).pop("performer"),
    ),
    (
        "an allergy is active or not (ait-1)",
        "entry.resource.ofType(AllergyIntolerance).all("
        "verificationStatus.coding.where(code = 'entered-in-error').exists() or clinicalStatus.exists())",
        lambda it: _first(it, "AllergyIntolerance").pop("clinicalStatus"),
    ),
    (
        "what has ended is not active (con-4)",
        "entry.resource.ofType(Condition).all(abatement.empty() or "
        "clinicalStatus.coding.where(code = 'resolved' or code = 'remission' or code = 'inactive').exists())",
        lambda it: _first(it, "Condition", "abatementDateTime")["clinicalStatus"]["coding"][0].update(code="active"),
    ),
    (
        "a unit names its system",
        "entry.resource.descendants().where(code is string and value is decimal and system.empty() and unit.exists()).empty()",
        lambda it: _first(it, "Observation", "valueQuantity")["valueQuantity"].pop("system"),
    ),
    (
        "every reference leads to an entry",
        "entry.resource.descendants().where(reference.exists()).reference.where(($this in %fu).not()).empty()",
        lambda it: _composition(it)["subject"].update(reference="Patient/1"),
    ),
]
