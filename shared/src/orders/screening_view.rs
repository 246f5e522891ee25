//! What screening found, as the API shows it: to the customer and to the pharmacy, never to a seller.

use serde::Serialize;
use utoipa::ToSchema;

use super::screening::{Found, Screened};
use crate::medicine::screening::{Consequence, FindingKind};
use crate::medicine::severity::Severity;
use crate::medicine::view::DISCLAIMER;
use crate::platform::clock::Timestamp;
use crate::platform::ids::ProductId;
use crate::platform::wording::Words;

/// Something that screening found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ScreeningFinding)]
pub struct FindingView {
    /// What sort.
    pub kind: FindingKind,
    /// What it means for the order.
    pub consequence: Consequence,
    /// The level, where it has one.
    pub level: Option<Severity>,
    /// As FHIR's DetectedIssue says it: `high`, `moderate` or `low`.
    #[schema(value_type = String, pattern = "^(high|moderate|low)$")]
    pub severity: &'static str,
    /// As the indicator of a CDS Hooks card: `critical`, `warning` or `info`.
    #[schema(value_type = String, pattern = "^(critical|warning|info)$")]
    pub indicator: &'static str,
    /// The lines.
    #[schema(value_type = Vec<String>)]
    pub products: Vec<ProductId>,
    /// A sentence or two.
    #[schema(value_type = String)]
    pub detail: Words,
    /// The rule behind it.
    pub rule: Option<String>,
}

/// What the lines were screened with, and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Screening)]
pub struct ScreeningView {
    /// The dataset and its version; `none` where no rules could be asked, which holds everything.
    pub dataset: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was found, the gravest first.
    pub findings: Vec<FindingView>,
    /// How many findings there were beside these.
    pub more: usize,
    /// Substances that are known and that no rule is about: nothing found means nothing for these.
    pub not_covered: Vec<String>,
    /// What it is not.
    pub disclaimer: &'static str,
}

impl From<&Found> for FindingView {
    fn from(found: &Found) -> Self {
        let (severity, indicator) = match (found.severity, found.consequence) {
            (Some(level), _) => (level.fhir(), level.indicator()),
            (None, Consequence::Refuse) => ("high", "critical"),
            (None, Consequence::Hold) => ("moderate", "warning"),
            (None, Consequence::Tell) => ("low", "info"),
        };
        Self {
            kind: found.kind,
            consequence: found.consequence,
            level: found.severity,
            severity,
            indicator,
            products: found.products.clone(),
            detail: found.detail.clone(),
            rule: found.rule.clone(),
        }
    }
}

impl From<&Screened> for ScreeningView {
    fn from(screened: &Screened) -> Self {
        Self {
            dataset: screened.dataset.clone(),
            at: screened.at,
            findings: screened.findings.iter().map(FindingView::from).collect(),
            more: screened.more,
            not_covered: screened.not_covered.clone(),
            disclaimer: DISCLAIMER,
        }
    }
}
