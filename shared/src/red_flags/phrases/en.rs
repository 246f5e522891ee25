//! English.

use super::Phrases;
use crate::red_flags::Kind;

pub(super) const PHRASES: Phrases = &[
    (
        Kind::ChestPain,
        &[
            "chest pain*|ache*|aching|hurt*|pressure|tight*|crush*|squeez*|heavy|heaviness",
            "breastbone pain*|hurt*|pressure",
            "heart attack",
            "pain* arm|jaw sweat*|chest",
        ],
    ),
    (
        Kind::Breathing,
        &[
            "cant|cannot|can't|couldnt|unable|difficult*|trouble|hard|struggl* breath*",
            "can not breath*",
            "short* breath",
            "gasp* air|breath*",
            "not breathing",
            "stop* breathing",
            "chok* cant|cannot|food|throat|baby|child",
            "lips|face|fingers turn*|are|is|went|going blue",
        ],
    ),
    (
        Kind::Stroke,
        &[
            "face|mouth|smile droop*|crooked|lopsided|hang*",
            "one side weak*|numb*|paraly*|face|body",
            "arm|leg suddenly|sudden weak*|numb*|paraly*|move|lift",
            "cant|cannot|unable move|lift arm|leg",
            "slur* speech|words|speak*|talk*",
            "sudden|suddenly cant|cannot|unable|trouble speak|talk|see",
            "sudden|suddenly confus*",
            "sudden|suddenly blind|vision",
            "worst headache",
            "thunderclap headache",
            "having|had|signs stroke",
        ],
    ),
    (
        Kind::Anaphylaxis,
        &[
            "anaphyla*",
            "tongue|throat|lips|lip swell*|swollen|swelled|clos*|puff*",
            "throat clos*|closing|tight*|tighten*",
            "face swell*|swollen sting|stung|allerg*|ate|eating|medicine|tablet|antibiotic|nuts|peanut*",
            "allergic reaction severe|bad|breath*|swell*",
            "epipen|autoinjector used|need|nee*",
        ],
    ),
    (
        Kind::Poisoning,
        &[
            "overdos*",
            "took|taken|swallow*|ate|drank|eaten|had too many|much tablet*|pill*|medicine*|capsule*|paracetamol|panadol|medication",
            "took|taken|swallow*|ate whole|entire|all bottle|pack|packet|strip|box|tablet*|pill*",
            "child|baby|son|daughter|toddler|kid|he|she swallow*|ate|drank|took|eaten tablet*|pill*|medicine*|bleach|battery|cleaner|detergent|poison*|pesticide|kerosene|petrol|capsule*",
            "drank|swallow*|drunk bleach|poison*|pesticide|insecticide|kerosene|petrol|acid|phenyl|detergent|cleaner|antifreeze",
            "poisoned",
            "rat poison",
            "snake bite|bit|bitten",
            "button battery",
            "carbon monoxide",
        ],
    ),
    (
        Kind::Suicide,
        &[
            "suicid*",
            "kill|killing myself|himself|herself|themselves",
            "end|ending|take|taking my|own life",
            "want|wish|going|rather to|i die|dead",
            "dont|not|no want|wish|reason live|living|alive",
            "better off dead|without",
            "want|going|urge|feel*|think*|thought*|keep|started hurt|hurting|harm|harming|cut|cutting myself",
            "self harm*",
            "want disappear forever",
            "goodbye forever",
        ],
    ),
    (
        Kind::BleedingInPregnancy,
        &[
            "pregnan* bleed*|blood|spotting|hemorrhag*|haemorrhag*",
            "weeks|months pregnant bleed*|blood",
            "miscarr*",
            "pregnan* water broke|leak*|gush*",
            "pregnan* severe|strong|terrible pain*|cramp*|headache",
            "baby stopped|not|less|isnt moving|kicking womb|pregnan*|belly",
        ],
    ),
    (
        Kind::InfantFever,
        &[
            "newborn* fever*|temperature|hot|38*|39*|40*|100*|101*|102*|103*|104*",
            "infant* fever*|temperature",
            "baby fever*|temperature week|weeks|days|day|1|2|3|one|two|three|month",
            "week|weeks|day|days old fever*|temperature",
            "1|2|3|one|two|three month|months old fever*|temperature",
            "fever* stiff neck",
            "fever* rash|spots fade|glass|press*|disappear",
        ],
    ),
    (
        Kind::SevereBleeding,
        &[
            "bleed* wont|not|doesnt|cant|cannot stop*",
            "bleed*|blood heavily|heavy|lot|badly|pouring|gushing|spurting",
            "vomit*|throw*|cough*|spit* blood",
            "black|tarry stool*|poop|poo|faeces blood|sticky|tar|tarry",
        ],
    ),
    (
        Kind::Unconscious,
        &[
            "unconscious*",
            "unresponsive",
            "not|wont|doesnt|cant|cannot wak*|respond* up|him|her|child|baby|husband|wife|mother|father|to",
            "seizure*|convuls*|fitting",
            "having fit|fits",
            "passed|passing out",
            "collapsed",
            "faint* again|chest|pregnan*|repeated*",
        ],
    ),
];
