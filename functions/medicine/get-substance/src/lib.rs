//! `GET /v1/medicine/substances/{id}`: a substance, with its classes and what is known of it.

use futures_util::future::try_join;
use serde::Serialize;
use shared::api::prelude::*;
use shared::medicine::dataset::Vocabulary;
use shared::medicine::view::{DISCLAIMER, DatasetView, SubstanceRef};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep it, in seconds.
const FRESH: u32 = 60;

/// A substance.
#[derive(Serialize, ToSchema)]
pub struct SubstanceView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Its other names.
    synonyms: Vec<String>,
    /// Its RxNorm concept, where the sources give one.
    rxcui: Option<String>,
    /// Its unique ingredient identifier, where the sources give one.
    unii: Option<String>,
    /// The classes by which rules reach it.
    classes: Vec<SubstanceRef>,
    /// How many products on sale contain it.
    products: usize,
    /// How many reviewed interaction rules are about it, by itself or by its classes.
    interactions: usize,
    /// For what there are reviewed doses.
    dose_rules: Vec<DoseSummary>,
    /// What stands against it, reviewed.
    contraindications: Vec<ContraindicationSummary>,
    /// Where all this is from.
    sources: DatasetView,
    /// What it is not.
    disclaimer: &'static str,
}

/// A dose rule in short.
#[derive(Serialize, ToSchema)]
pub struct DoseSummary {
    /// The rule.
    id: String,
    /// The route.
    route: String,
    /// What it is for.
    indication: String,
    /// Where it is from.
    citation: String,
}

/// A contraindication in short.
#[derive(Serialize, ToSchema)]
pub struct ContraindicationSummary {
    /// The rule.
    id: String,
    /// For whom, in words.
    who: Vec<String>,
    /// How much it matters.
    severity: shared::medicine::severity::Severity,
    /// Where it is from.
    citation: String,
}

/// A substance of the drug database.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/medicine/substances/{id}", tag = "Medicine",
    params(("id" = String, Path, description = "The substance", example = "warfarin")),
    responses((status = 200, body = SubstanceView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: String = request.path("id")?;
    let vocabulary = Vocabulary::get();
    let side = vocabulary.side(&id).ok_or_else(Error::not_found)?;
    let substance = vocabulary.substance(side).ok_or_else(Error::not_found)?;
    let (browsing, medicines) = (app.browsing(), app.medicines());
    let (index, knowledge) = try_join(browsing.index(), medicines.knowledge()).await?;
    let contains = |name: &str| vocabulary.find(name).contains(&side);
    let products = index.with_ingredients(|list| list.iter().any(|one| contains(&one.name))).count();
    let classes = vocabulary.classes_of(side);
    let concerns = |named: &str| {
        let named = vocabulary.side(named);
        named == Some(side) || classes.iter().any(|(class, _)| Some(*class) == named)
    };
    let doses = knowledge.doses().iter().filter(|rule| vocabulary.side(&rule.substance) == Some(side));
    let against = knowledge.contraindications().unwrap_or_default().iter().filter(|rule| concerns(&rule.side));
    let view = SubstanceView {
        id,
        name: substance.name.to_owned(),
        synonyms: substance.synonyms.iter().map(|name| (*name).to_owned()).collect(),
        rxcui: substance.rxcui.map(str::to_owned),
        unii: substance.unii.map(str::to_owned),
        classes: classes.iter().map(|(class, _)| SubstanceRef::of(*class)).collect(),
        products,
        interactions: knowledge.interactions().map(|index| index.about(side).len()).unwrap_or(0),
        dose_rules: doses
            .map(|rule| DoseSummary {
                id: rule.id.to_string(),
                route: rule.route.name().to_owned(),
                indication: rule.indication.to_string(),
                citation: rule.citation.to_string(),
            })
            .collect(),
        contraindications: against
            .map(|rule| ContraindicationSummary {
                id: rule.id.to_string(),
                who: rule.who.iter().map(|who| who.words()).collect(),
                severity: rule.level,
                citation: rule.citation.to_string(),
            })
            .collect(),
        sources: DatasetView::of(&knowledge),
        disclaimer: DISCLAIMER,
    };
    Ok(ok(&view)?.public(FRESH))
}
