//! Orders that a pharmacist would never let pass, and orders that must not be held.

use super::*;

/// Each with the label or notice that says so; none passes without a pharmacist.
const DANGEROUS: &[(&str, &str, &str)] = &[
    ("sildenafil 50 mg rx", "nitroglycerin 0.4 mg @sublingual rx", "US label, sildenafil, section 4.1"),
    ("tadalafil 20 mg rx", "isosorbide mononitrate 30 mg rx", "US label, tadalafil, section 4.1"),
    ("vardenafil 10 mg rx", "isosorbide dinitrate 10 mg rx", "US label, vardenafil, section 4.1"),
    ("sildenafil 20 mg rx", "riociguat 1 mg rx", "US label, riociguat, section 4.3"),
    ("phenelzine 15 mg rx", "sertraline hydrochloride 50 mg rx", "US label, sertraline, section 4"),
    ("tranylcypromine 10 mg rx", "fluoxetine 20 mg rx", "US label, fluoxetine, section 4.1"),
    ("phenelzine 15 mg rx", "venlafaxine 75 mg rx", "US label, venlafaxine, section 4"),
    ("phenelzine 15 mg rx", "meperidine 50 mg rx", "US label, meperidine, section 4"),
    ("selegiline 5 mg rx", "tramadol 50 mg rx", "US label, tramadol, section 4"),
    ("phenelzine 15 mg rx", "dextromethorphan 15 mg", "OTC monograph M012, warning"),
    ("phenelzine 15 mg rx", "pseudoephedrine 30 mg", "OTC monograph M012, warning"),
    ("linezolid 600 mg rx", "citalopram 20 mg rx", "US label, citalopram, section 4"),
    ("simvastatin 40 mg rx", "clarithromycin 500 mg rx", "US label, simvastatin, section 4"),
    ("simvastatin 40 mg rx", "itraconazole 100 mg rx", "US label, simvastatin, section 4"),
    ("simvastatin 40 mg rx", "gemfibrozil 600 mg rx", "US label, simvastatin, section 4"),
    ("lovastatin 20 mg rx", "ketoconazole 200 mg rx", "US label, lovastatin, section 4"),
    ("simvastatin 20 mg rx", "cyclosporine 100 mg rx", "US label, simvastatin, section 4"),
    ("warfarin sodium 5 mg rx", "aspirin 325 mg", "US label, warfarin, section 7.4"),
    ("warfarin sodium 5 mg rx", "ibuprofen 200 mg", "US label, warfarin, section 7.4"),
    ("warfarin sodium 5 mg rx", "naproxen sodium 220 mg", "US label, warfarin, section 7.4"),
    ("warfarin sodium 5 mg rx", "metronidazole 500 mg rx", "US label, metronidazole, drug interactions"),
    (
        "warfarin sodium 5 mg rx",
        "sulfamethoxazole 800 mg+trimethoprim 160 mg rx",
        "US label, sulfamethoxazole and trimethoprim",
    ),
    ("warfarin sodium 5 mg rx", "fluconazole 150 mg rx", "US label, warfarin, section 7.2"),
    ("warfarin sodium 5 mg rx", "amiodarone 200 mg rx", "US label, amiodarone, section 7"),
    ("warfarin sodium 5 mg rx", "miconazole nitrate 2% @vaginal", "US label, miconazole vaginal, warning on warfarin"),
    ("warfarin sodium 5 mg rx", "St John's wort 300 mg", "US label, warfarin, section 7"),
    ("rivaroxaban 20 mg rx", "apixaban 5 mg rx", "US label, rivaroxaban, section 7.4"),
    ("rivaroxaban 20 mg rx", "ketoconazole 200 mg rx", "US label, rivaroxaban, section 7.2"),
    ("apixaban 5 mg rx", "carbamazepine 200 mg rx", "US label, apixaban, section 7.2"),
    ("apixaban 5 mg rx", "ibuprofen 200 mg", "US label, apixaban, section 7.3"),
    ("clopidogrel 75 mg rx", "omeprazole magnesium 20 mg", "US label, clopidogrel, section 7.1"),
    (
        "methotrexate sodium 2.5 mg rx",
        "sulfamethoxazole 800 mg+trimethoprim 160 mg rx",
        "US label, methotrexate, section 7",
    ),
    ("methotrexate sodium 2.5 mg rx", "ibuprofen 200 mg", "US label, methotrexate, section 7"),
    ("azathioprine 50 mg rx", "allopurinol 100 mg rx", "US label, azathioprine, section 7"),
    ("mercaptopurine 50 mg rx", "febuxostat 40 mg rx", "US label, febuxostat, section 4"),
    ("isotretinoin 20 mg rx", "doxycycline 100 mg rx", "US label, isotretinoin, section 5"),
    ("isotretinoin 20 mg rx", "vitamin A 10000 IU", "US label, isotretinoin, section 7"),
    ("lisinopril 10 mg rx", "sacubitril 24 mg+valsartan 26 mg rx", "US label, sacubitril and valsartan, section 4"),
    ("spironolactone 25 mg rx", "potassium chloride 20 mEq rx", "US label, spironolactone, section 7"),
    ("lithium carbonate 300 mg rx", "ibuprofen 200 mg", "US label, lithium, section 7"),
    ("lithium carbonate 300 mg rx", "hydrochlorothiazide 25 mg rx", "US label, lithium, section 7"),
    ("lithium carbonate 300 mg rx", "lisinopril 10 mg rx", "US label, lithium, section 7"),
    ("digoxin 0.125 mg rx", "clarithromycin 500 mg rx", "US label, digoxin, section 7"),
    ("digoxin 0.125 mg rx", "verapamil 120 mg rx", "US label, digoxin, section 7"),
    ("metoprolol 50 mg rx", "verapamil 120 mg rx", "US label, verapamil, section 7"),
    ("oxycodone 10 mg rx", "alprazolam 1 mg rx", "FDA boxed warning, 31 August 2016"),
    ("morphine sulfate 15 mg rx", "zolpidem 10 mg rx", "FDA boxed warning, 31 August 2016"),
    ("fentanyl 0.05 mg @transdermal rx", "clarithromycin 500 mg rx", "US label, fentanyl, boxed warning"),
    ("oxycodone 10 mg rx", "naltrexone 50 mg rx", "US label, naltrexone, section 4"),
    ("sodium oxybate 500 mg rx", "lorazepam 1 mg rx", "US label, sodium oxybate, section 4"),
    ("methadone 10 mg rx", "citalopram 20 mg rx", "US label, methadone, boxed warning"),
    ("domperidone 10 mg rx", "clarithromycin 500 mg rx", "EMA/465179/2014"),
    ("ergotamine 1 mg+caffeine 100 mg rx", "clarithromycin 500 mg rx", "US label, ergotamine, boxed warning"),
    ("ergotamine 1 mg+caffeine 100 mg rx", "sumatriptan 50 mg rx", "US label, sumatriptan, section 4"),
    ("triazolam 0.25 mg rx", "ketoconazole 200 mg rx", "US label, triazolam, section 4"),
    ("tizanidine 4 mg rx", "ciprofloxacin 500 mg rx", "US label, tizanidine, section 4"),
    ("tizanidine 4 mg rx", "fluvoxamine 100 mg rx", "US label, tizanidine, section 4"),
    ("theophylline 300 mg rx", "ciprofloxacin 500 mg rx", "US label, theophylline, drug interactions"),
    ("carbamazepine 200 mg rx", "clarithromycin 500 mg rx", "US label, carbamazepine, section 7"),
    ("colchicine 0.6 mg rx", "clarithromycin 500 mg rx", "US label, colchicine, section 7"),
    (
        "timolol 0.5% @ophthalmic rx",
        "albuterol 0.09 mg @inhalation rx",
        "US label, timolol eye drops, drug interactions",
    ),
    (
        "ethinyl estradiol 0.02 mg+levonorgestrel 0.1 mg rx",
        "rifampin 300 mg rx",
        "US label, oral contraceptives, section 7",
    ),
    ("repaglinide 1 mg rx", "gemfibrozil 600 mg rx", "US label, repaglinide, section 4"),
    ("alfuzosin 10 mg rx", "itraconazole 100 mg rx", "US label, alfuzosin, section 4"),
    ("eplerenone 25 mg rx", "clarithromycin 500 mg rx", "US label, eplerenone, section 4"),
    ("quinidine 200 mg rx", "sotalol 80 mg rx", "ANSM 2020, rule 194"),
    ("clozapine 100 mg rx", "fluvoxamine 50 mg rx", "US label, clozapine, section 7"),
    ("tamoxifen 20 mg rx", "paroxetine 20 mg rx", "US label, paroxetine, section 7"),
];

/// Everyday orders: nothing in them is for a pharmacist to stop.
const HARMLESS: &[&[&str]] = &[
    &["acetaminophen 500 mg"],
    &["acetaminophen 500 mg", "ibuprofen 200 mg"],
    &["acetaminophen 500 mg", "cetirizine 10 mg"],
    &["ibuprofen 200 mg", "loratadine 10 mg"],
    &["ibuprofen 200 mg", "famotidine 20 mg"],
    &["loratadine 10 mg", "fluticasone propionate 0.05 mg @nasal"],
    &["cetirizine 10 mg", "guaifenesin 400 mg"],
    &["dextromethorphan 10 mg+guaifenesin 100 mg", "acetaminophen 500 mg"],
    &["pseudoephedrine 30 mg", "acetaminophen 500 mg"],
    &["metformin 500 mg rx", "lisinopril 10 mg rx"],
    &["metformin 500 mg rx", "atorvastatin 20 mg rx"],
    &["metformin 500 mg rx", "sitagliptin 100 mg rx"],
    &["metformin 500 mg+glipizide 5 mg rx"],
    &["lisinopril 10 mg rx", "amlodipine 5 mg rx"],
    &["lisinopril 10 mg rx", "hydrochlorothiazide 12.5 mg rx"],
    &["losartan 50 mg+hydrochlorothiazide 12.5 mg rx"],
    &["losartan 50 mg rx", "amlodipine 5 mg rx"],
    &["amlodipine 5 mg rx", "atorvastatin 20 mg rx"],
    &["amlodipine 5 mg rx", "rosuvastatin 10 mg rx"],
    &["metoprolol 50 mg rx", "amlodipine 5 mg rx"],
    &["metoprolol 50 mg rx", "lisinopril 10 mg rx"],
    &["aspirin 81 mg", "atorvastatin 20 mg rx"],
    &["aspirin 81 mg", "metoprolol 50 mg rx"],
    &["clopidogrel 75 mg rx", "pantoprazole 40 mg rx"],
    &["levothyroxine 0.05 mg rx", "atorvastatin 20 mg rx"],
    &["levothyroxine 0.05 mg rx", "lisinopril 10 mg rx"],
    &["levothyroxine 0.05 mg rx", "calcium carbonate 500 mg"],
    &["amoxicillin 500 mg rx", "acetaminophen 500 mg"],
    &["amoxicillin 500 mg+clavulanate potassium 125 mg rx", "ibuprofen 200 mg"],
    &["amoxicillin 500 mg rx", "omeprazole 20 mg"],
    &["azithromycin 250 mg rx", "acetaminophen 500 mg"],
    &["cephalexin 500 mg rx", "ibuprofen 200 mg"],
    &["doxycycline 100 mg rx", "ibuprofen 200 mg"],
    &["nitrofurantoin 100 mg rx", "acetaminophen 500 mg"],
    &["omeprazole 20 mg", "acetaminophen 500 mg"],
    &["omeprazole 20 mg", "metformin 500 mg rx"],
    &["sertraline 50 mg rx", "acetaminophen 500 mg"],
    &["sertraline 50 mg rx", "loratadine 10 mg"],
    &["escitalopram 10 mg rx", "levothyroxine 0.05 mg rx"],
    &["fluoxetine 20 mg rx", "acetaminophen 500 mg"],
    &["gabapentin 300 mg rx", "acetaminophen 500 mg"],
    &["gabapentin 300 mg rx", "diphenhydramine 25 mg"],
    &["albuterol 0.09 mg @inhalation rx", "fluticasone propionate 0.25 mg+salmeterol 0.05 mg @inhalation rx"],
    &["albuterol 0.09 mg @inhalation rx", "montelukast 10 mg rx"],
    &["tamsulosin 0.4 mg rx", "finasteride 5 mg rx"],
    &["tretinoin 0.025% @topical rx", "doxycycline 100 mg rx"],
    &["diclofenac sodium 1% @topical", "warfarin sodium 5 mg rx"],
    &["hydrocortisone 1% @topical", "warfarin sodium 5 mg rx"],
    &["cyclosporine 0.05% @ophthalmic rx", "simvastatin 20 mg rx"],
    &["clotrimazole 1% @topical", "simvastatin 20 mg rx"],
    &["latanoprost 0.005% @ophthalmic rx", "metformin 500 mg rx"],
    &["ethinyl estradiol 0.02 mg+levonorgestrel 0.1 mg rx", "acetaminophen 500 mg"],
    &["ethinyl estradiol 0.02 mg+levonorgestrel 0.1 mg rx", "amoxicillin 500 mg rx"],
    &["sumatriptan 50 mg rx", "acetaminophen 500 mg"],
    &["ondansetron 4 mg rx", "acetaminophen 500 mg"],
    &["folic acid 1 mg rx", "ferrous sulfate 325 mg"],
    &["cholecalciferol 1000 IU", "calcium carbonate 500 mg"],
    &["loperamide 2 mg", "acetaminophen 500 mg"],
    &["nicotine polacrilex 2 mg @buccal", "acetaminophen 500 mg"],
    &["buprenorphine 8 mg+naloxone 2 mg @sublingual rx"],
    &["polyethylene glycol 3350 17 g", "lisinopril 10 mg rx"],
    &["valacyclovir 1 g rx", "acetaminophen 500 mg"],
    &["permethrin 5% @topical rx", "cetirizine 10 mg"],
];

#[test]
fn no_dangerous_order_passes() {
    assert!(DANGEROUS.len() >= 60);
    let mut passed = Vec::new();
    for (one, other, citation) in DANGEROUS {
        for pair in [[*one, *other], [*other, *one]] {
            let found = verdict(&pair);
            if found < Some(Consequence::Hold) {
                passed.push(format!("{pair:?} {found:?}: {citation}"));
            }
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn no_harmless_order_is_held() {
    assert!(HARMLESS.len() >= 60);
    let mut held = Vec::new();
    for order in HARMLESS {
        let lines: Vec<Line> = order.iter().map(|product| line(product)).collect();
        let found = screen(Some(knowledge()), &lines, &[], &Patient::default());
        let grave = found.standing(&[]).map(|finding| format!("{}: {}", finding.key, finding.detail));
        let grave: Vec<String> = grave.collect();
        if !grave.is_empty() {
            held.push(format!("{order:?}: {grave:?}"));
        }
    }
    assert!(held.is_empty(), "{held:#?}");
}
