"""Which kind of mechanism a rule of the thesaurus describes, told by words of its own (French) text.

Only the kind is kept; what the API says of each kind is written in shared/src/medicine/mechanism.rs. The first that
matches counts, so what is more particular stands first.
"""

import re

from fold import plain

KINDS = [
    ("torsades", r"torsades|qt\b|intervalle qt"),
    ("serotonin", r"serotoninergique"),
    ("ergotism", r"ergotisme|necrose des extremites|vasoconstriction coronaire"),
    ("rhabdomyolysis", r"rhabdomyolyse|musculaires? "),
    ("live_vaccine", r"maladie vaccinale|vaccinale generalisee"),
    ("lithium_rises", r"(augmentation|elevation) de la lithemie|lithemie pouvant atteindre"),
    ("lithium_falls", r"(diminution|baisse) de la lithemie|efficacite du lithium"),
    ("digoxin_rises", r"(augmentation|elevation)[^.]* de la digoxinemie"),
    ("digoxin_falls", r"(diminution|baisse) de la digoxinemie"),
    ("contraception_fails", r"contracepti(f|ve|on)"),
    ("disulfiram", r"antabuse"),
    ("opioid_antagonism", r"blocage competitif|syndrome de sevrage|effet antalgique"),
    ("respiratory_depression", r"depression respiratoire|depresseur respiratoire"),
    ("sedation", r"depression centrale|vigilance|sedati(f|on|ve)|depresseurs? du systeme nerveux"),
    ("bleeding", r"hemorragi|saignement|antiagregant|hemostase|anticoagulant|antivitamine k|inr\b"),
    ("hyperkalaemia", r"hyperkaliemi"),
    ("hypokalaemia", r"hypokaliemi"),
    ("hyponatraemia", r"hyponatremi"),
    ("hypercalcaemia", r"hypercalcemi"),
    ("hypoglycaemia", r"hypoglyc"),
    ("hyperglycaemia", r"hyperglyc|elevation de la glycemie|diabetogene|glycemie"),
    ("lactic_acidosis", r"acidose"),
    ("seizures", r"convuls|epilept|crises convulsives"),
    ("angioedema", r"angio-?o?edeme"),
    ("intracranial_pressure", r"hypertension intracranienne"),
    ("hypertension", r"hypertensi(on|ve|ves|f|fs)|poussees hypertensives|vasoconstriction"),
    ("bradycardia", r"bradycardi|automatisme|conduction|bloc auriculo"),
    ("cardiac_depression", r"inotrope|insuffisance cardiaque|defaillance cardiaque|contractilite"),
    ("arrhythmia", r"troubles du rythme|fibrillation|excitabilite cardiaque|arythmi"),
    ("hypotension", r"hypotens|vasodilatat|collapsus"),
    ("nephrotoxicity", r"nephrotox|insuffisance renale|fonction renale|creatinin"),
    ("ototoxicity", r"ototox|auditi"),
    ("hepatotoxicity", r"hepatotox|hepatite|hepatiques? indesirables"),
    ("marrow_toxicity", r"hematolog|medullaire|myelosup|neutropen|leuco"),
    ("immunosuppression", r"immunodepress|immunosuppress(ion|ive)|infections? graves"),
    ("anticholinergic", r"atropini|anticholinergique|retention urinaire|constipation"),
    ("cholinergic_antagonism", r"cholinergique|acetylcholin|anticholinesterasique"),
    ("neuromuscular_block", r"curar|neuromusculaire"),
    ("dopamine_antagonism", r"antagonisme reciproque|dopaminerg|troubles psychotiques"),
    ("neuropathy", r"neuropath|neurotox"),
    ("gut_ulcer", r"ulcerogene|ulceration|digestif"),
    ("methaemoglobinaemia", r"methemoglobin"),
    ("hyperammonaemia", r"hyperammon|encephalopath"),
    ("hypothyroidism", r"hypothyroid"),
    ("contrast_reaction", r"produits? de contraste"),
    ("absorption_falls", r"absorption (digestive|intestinale|gastro)|(diminution|reduction|moindre) (de l'|de leur |de la )?(absorption|biodisponibilite)|chelat|ph intra"),
    ("exposure_rises", r"(augmentation|majoration|elevation|accroissement|doublement)[^.]{0,90}(concentration|exposition|taux|biodisponibilite|toxicite|effets?)|effets indesirables|surdosage|inhibition (de son|du) metabolisme|augmentation de la (theophyllin|phenytoin)"),
    ("exposure_falls", r"(diminution|reduction|baisse|risque d'inefficacite)[^.]{0,90}(concentration|exposition|taux|efficacite|effet|activite)|inefficacite|perte d'efficacite|moindre efficacite|echec"),
    ("antagonism", r"antagonis|oppos|inhibition de l'effet|efficacite"),
]
PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in KINDS]


def kind_of(mechanism, management):
    """The kind that the words of a rule tell of; `other` where none does."""
    for text in (mechanism, management):
        text = plain(text)
        for kind, pattern in PATTERNS:
            if text and pattern.search(text):
                return kind
    return "other"
