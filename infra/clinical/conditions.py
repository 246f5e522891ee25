"""When each level of a rule with several levels applies.

124 rules of the thesaurus, 64 pairs of sides, give more than one level and say in words when which of them applies.
Each is written down here, most severe first, by the number of its first rule in the file. `FIRST` and `SECOND` are the
sides in the order of that rule. A level without conditions is what is left. A pharmacist reviews these like all rules.
"""

C, N, P, T = "contraindicated", "not_recommended", "precaution", "take_into_account"

# Contraindicated with whatever causes torsades de pointes, by European arbitration (rule 2731).
FIVE = ["citalopram", "domperidone", "escitalopram", "hydroxyzine", "piperaquine"]
# Those for which the thesaurus lowers the contraindication of two torsades medicines, since they cannot be replaced.
EXCEPTED = ["antiparasitics-torsades", "antipsychotics-torsades", "methadone", "arsenic-trioxide",
            "hydroxychloroquine", "crizotinib"]


def first(*names):
    return {"kind": "substance", "side": "first", "is": list(names)}


def second(*names):
    return {"kind": "substance", "side": "second", "is": list(names)}


def either(*names):
    return {"kind": "substance", "side": "either", "is": list(names)}


def neither(*names):
    return {"kind": "substance", "side": "neither", "is": list(names)}


def pair(one, other):
    return {"kind": "pair", "one": one, "other": other}


def dose(substance, **least):
    return {"kind": "dose", "substance": substance, **least}


def route(substance, *routes):
    return {"kind": "route", "substance": substance, "is": list(routes)}


def has(condition):
    return {"kind": "condition", "has": condition}


def lacks(condition):
    return {"kind": "condition", "lacks": condition}


def phase(text):
    return {"kind": "duration", "phase": text}


def age(at_least):
    return {"kind": "age", "at_least": at_least}


ASPIRIN_ANTI_INFLAMMATORY = dose("aspirin", single="1000 mg", daily="3000 mg")
ASPIRIN_PAIN = dose("aspirin", single="500 mg")
METHOTREXATE_HIGH = dose("methotrexate", weekly_above="20 mg")
ULCER = "peptic-ulcer-history"
TORSADES = [(C, [either(*FIVE)]), (N, [])]
OUTSIDE_ACS = [(N, [lacks("acute-coronary-syndrome")]), (P, [])]
RENAL_PEMETREXED = [(N, [has("renal-impairment")]), (P, [])]
LEFT_VENTRICLE = [(N, [has("left-ventricular-dysfunction")]), (P, [])]
DOXAZOSIN = [(N, [first("doxazosin")]), (P, [])]
NIMODIPINE = [(N, [first("nimodipine")]), (P, [])]
CYPROTERONE = [(N, [has("contraception")]), (P, [])]
POTASSIUM_SPARING = ["amiloride", "triamterene", "potassium-canrenoate"]


def potassium(side):
    """Spironolactone to 50 mg a day and eplerenone, in heart failure, are the lower level; all else the higher."""
    return [
        (N, [side(*POTASSIUM_SPARING)]),
        (N, [side("spironolactone"), dose("spironolactone", daily_above="50 mg")]),
        (N, [lacks("heart-failure")]),
        (P, []),
    ]


ABSORPTION = [(N, [either("integrase-inhibitors")]), (P, [])]

LEVELS = {
    13: [(C, [ASPIRIN_ANTI_INFLAMMATORY]), (C, [ASPIRIN_PAIN, has(ULCER)]), (N, [ASPIRIN_PAIN]), (N, [has(ULCER)]),
         (T, [])],
    14: [(N, [ASPIRIN_PAIN]), (T, [])],
    15: OUTSIDE_ACS,
    18: [(N, [ASPIRIN_ANTI_INFLAMMATORY]), (T, [ASPIRIN_PAIN])],
    19: [(N, [ASPIRIN_PAIN]), (T, [])],
    22: [(C, [METHOTREXATE_HIGH, ASPIRIN_PAIN]), (P, [])],
    24: RENAL_PEMETREXED,
    26: OUTSIDE_ACS,
    95: DOXAZOSIN,
    118: [(N, [route("diltiazem", "intravenous")]), (P, [])],
    138: [(N, [route("verapamil", "intravenous")]), (P, [])],
    172: NIMODIPINE,
    174: [(N, [first("lercanidipine")]), (P, [])],
    175: NIMODIPINE,
    178: potassium(second),
    194: [(C, [pair(["amiodarone", "disopyramide", "quinidine", "hydroquinidine", "sotalol", "dronedarone"],
                    ["amiodarone", "disopyramide", "quinidine", "hydroquinidine", "sotalol", "dronedarone"])]),
          (N, [pair(["disopyramide", "quinidine", "hydroquinidine"], ["disopyramide", "quinidine", "hydroquinidine"])]),
          (N, [pair(["lidocaine", "mexiletine"], ["lidocaine", "mexiletine"])]),
          (N, [pair(["flecainide", "propafenone", "cibenzoline"], ["flecainide", "propafenone", "cibenzoline"])]),
          (N, [pair(["diltiazem", "verapamil"], ["diltiazem", "verapamil"])]),
          (T, [])],
    229: [(N, [first("carbamazepine")]), (P, [])],
    271: [(C, [first("carbamazepine", "phenobarbital", "primidone")]), (N, [])],
    273: [(N, [first("atezolizumab", "belimumab", "blinatumomab", "canakinumab", "durvalumab", "guselkumab",
                     "inotuzumab-ozogamicin", "ixekizumab", "obinutuzumab", "ocrelizumab", "ofatumumab", "rituximab",
                     "tocilizumab", "ustekinumab")]), (T, [])],
    282: DOXAZOSIN,
    308: [(N, [METHOTREXATE_HIGH]), (P, [])],
    311: RENAL_PEMETREXED,
    314: TORSADES,
    336: [(N, [METHOTREXATE_HIGH]), (T, [])],
    344: [(C, [first("darifenacin")]),
          (C, [first("fesoterodine", "solifenacin"), has("renal-impairment")]),
          (C, [first("fesoterodine", "solifenacin"), has("hepatic-impairment")]),
          (N, [first("tolterodine")])],
    431: TORSADES,
    526: [(C, [second("rifampicin")]), (N, [])],
    593: [(C, [route("calcium", "intravenous")]), (P, [])],
    808: [(C, [second("macrolides")]), (N, [])],
    810: [(C, [has("renal-impairment")]), (C, [has("hepatic-impairment")]), (N, [])],
    841: CYPROTERONE,
    842: CYPROTERONE,
    845: CYPROTERONE,
    882: [(N, [second("pde5-inhibitors")]), (T, [])],
    919: TORSADES,
    987: LEFT_VENTRICLE,
    1027: potassium(first),
    1044: [(N, [has("integrase-inhibitor-resistance")]), (P, [])],
    1145: LEFT_VENTRICLE,
    1160: [(N, [phase("while the dose of lamotrigine is being adjusted")]), (P, [])],
    1166: [(C, [age(65)]), (P, [])],
    1217: [(C, [pair(["gemfibrozil"], ["simvastatin"])]),
           (C, [second("rosuvastatin"), dose("rosuvastatin", daily="40 mg")]), (N, [])],
    1317: [(N, [second("rifampicin", "enzyme-inducing-anticonvulsants")]), (P, [])],
    1353: [(C, [second("ritonavir", "cobicistat")]), (N, [])],
    1399: TORSADES,
    1450: [(C, [second("bupropion")]), (N, [])],
    1491: [(N, [first("everolimus", "sirolimus", "temsirolimus")]), (P, [])],
    1537: [(C, [first("rifampicin", "enzyme-inducing-anticonvulsants")]), (N, [])],
    # The thesaurus sends the reader to the labels: avanafil and vardenafil must not be taken with these, sildenafil
    # not with ritonavir; for the others the dose is lowered.
    1551: [(C, [first("avanafil", "vardenafil")]), (N, [pair(["sildenafil"], ["ritonavir", "cobicistat"])]), (P, [])],
    1579: [(C, [first("rosuvastatin")]), (P, [])],
    1581: [(N, [first("simvastatin", "pitavastatin", "rosuvastatin")]), (P, [])],
    1597: [(N, [phase("while the dose of lamotrigine is being adjusted")]), (P, [])],
    1616: [(N, [first("axitinib", "bosutinib", "cabozantinib", "ceritinib", "cobimetinib", "dabrafenib", "dasatinib",
                      "entrectinib", "nilotinib", "sunitinib", "ibrutinib", "ribociclib")]),
           (P, [neither("osimertinib", "vandetanib")])],
    1656: [(C, [first("ketoconazole")]), (P, [])],
    1663: [(N, [route("midazolam", "oral")]), (P, [])],
    1672: [(N, [first("ritonavir", "cobicistat")]), (P, [])],
    1687: [(C, [phase("while the dose of venetoclax is being raised")]), (P, [])],
    1908: [(C, [pair(["sodium-oxybate"], ["opioid-agonists", "opioids", "opioids-step-2", "opioids-step-3",
                                          "antitussives-opioid", "opioid-substitution", "barbiturates"])]),
           (N, [either("sodium-oxybate")]), (T, [])],
    # The second level has no words of its own: it is what is left.
    1910: [(C, [pair(["sacubitril"], ["ace-inhibitors"])]), (N, [])],
    1933: TORSADES,
    2120: TORSADES,
    2709: ABSORPTION,
    2731: [(C, [either(*FIVE)]), (C, [neither(*EXCEPTED)]), (N, [])],
    2936: ABSORPTION,
}
