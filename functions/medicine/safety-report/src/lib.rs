//! `GET /v1/medicine/safety`: what stands against a product for a patient, in one answer.

mod query;

use futures_util::future::try_join;
use serde::Serialize;
use shared::api::prelude::*;
use shared::medicine::allergy;
use shared::medicine::item::{Named, of_product};
use shared::medicine::view::{
    AlertView, AllergyView, ContraindicationView, DISCLAIMER, DatasetView, DuplicateView, SubstanceRef,
};
use shared::platform::wording;

pub use query::SafetyQuery;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A limit on a substance of the product.
#[derive(Serialize, ToSchema)]
pub struct LimitView {
    /// The substance.
    substance: SubstanceRef,
    /// The jurisdiction, or `any`.
    jurisdiction: String,
    /// The days it looks back over.
    days: u32,
    /// The most in them, in mg.
    max_mg: String,
    /// Whether the law says so; otherwise it is the pharmacy's policy.
    law: bool,
    /// Where it is from.
    source: String,
}

/// What stands against a product for a patient. There is no score.
#[derive(Serialize, ToSchema)]
pub struct SafetyReport {
    /// The product.
    product: String,
    /// Its substances.
    substances: Vec<SubstanceRef>,
    /// Allergies that concern it.
    allergies: Vec<AllergyView>,
    /// Interactions with what the patient takes.
    interactions: Vec<AlertView>,
    /// Age, pregnancy, breastfeeding, kidneys, liver, diseases: what applies, and, with `open`, what may.
    contraindications: Vec<ContraindicationView>,
    /// Substances of it that the patient takes already.
    duplicates: Vec<DuplicateView>,
    /// Rolling limits on its substances.
    limits: Vec<LimitView>,
    /// Names that no substance answers to: nothing was checked of these.
    unmapped: Vec<String>,
    /// Substances that are known and that no interaction rule is about.
    not_covered: Vec<SubstanceRef>,
    /// What it was made with.
    dataset: DatasetView,
    /// What it is not.
    disclaimer: &'static str,
}

/// Allergies, interactions, contraindications, duplicates and limits of a product for a patient, each with its source. What
/// is not told of the patient is `open` and never assumed. With `patient_id` what is known of them and on record about them
/// counts; who asks and is not the owner of the account is on the trail first.
///
/// # Errors
/// 400 for parameters that are not valid, or a product that is not on sale; 401 for a guest with `patient_id`; 404 for a
/// patient whose records are not the caller's to see; 503 `not_reviewed`.
#[utoipa::path(get, path = "/v1/medicine/safety", tag = "Medicine", params(SafetyQuery),
    responses((status = 200, body = SafetyReport),
              (status = 404, description = "`not_found`: the patient's records are not the caller's to see"),
              (status = 503, description = "`not_reviewed`: no pharmacist has reviewed the rules")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let today = app.today()?;
    let mut question = request.query_with(|query: SafetyQuery| query.check(today))?;
    let (browsing, medicines) = (app.browsing(), app.medicines());
    let (index, knowledge) = try_join(browsing.index(), medicines.knowledge()).await?;
    let unknown = || Invalid::new("unknown_product", wording::medicine::on_sale()).at("product");
    let card = index.get(question.product).ok_or_else(|| Error::invalid_fields(vec![unknown()]))?;
    let product = of_product(&question.product.to_string(), &card.ingredients, &card.route);
    if let Some(patient) = question.patient_id {
        let person = app.screened_person(&request, patient).await?;
        question.patient = person.patient;
        question
            .takes
            .extend(person.taken.into_iter().map(|taken| Named { item: taken.item, unmapped: taken.unmapped }));
    }
    let recorded = question.patient.allergies.as_deref().unwrap_or_default();
    let parts = &product.item.parts;
    let concerns = parts.iter().flat_map(|part| allergy::check(recorded, part.substance));
    let allergies = concerns.map(|concern| AllergyView::of(&concern)).collect();
    let substances: Vec<_> = parts.iter().map(|part| part.substance).collect();
    let contraindications = knowledge.against(&product, &question.patient)?;
    let about = |substance: &str| {
        let side = shared::medicine::dataset::Vocabulary::get().side(substance);
        side.filter(|side| substances.contains(side))
    };
    let limits = knowledge.limits().iter().filter_map(|limit| {
        Some(LimitView {
            substance: SubstanceRef::of(about(&limit.substance)?),
            jurisdiction: limit.jurisdiction.to_string(),
            days: limit.days,
            max_mg: limit.most.normalize().to_string(),
            law: limit.law,
            source: limit.citation.to_string(),
        })
    });
    let limits = limits.collect();
    let label = product.item.label.clone();
    let mut all = vec![product];
    all.extend(question.takes);
    let checked = knowledge.check(&all, &question.patient)?;
    let with_it = |items: &[String]| items.contains(&label);
    let view = SafetyReport {
        substances: substances.into_iter().map(SubstanceRef::of).collect(),
        allergies,
        interactions: checked.alerts.into_iter().filter(|alert| with_it(&alert.items)).collect(),
        contraindications,
        duplicates: checked.duplicates.into_iter().filter(|duplicate| with_it(&duplicate.items)).collect(),
        limits,
        unmapped: checked.unmapped,
        not_covered: checked.not_covered,
        dataset: checked.dataset,
        disclaimer: DISCLAIMER,
        product: label,
    };
    ok(&view)
}
