//! Everything that is held of a person's prescriptions, for them.

use serde::Serialize;
use utoipa::ToSchema;

use super::prescription::{Fill, Prescription, Status};
use super::service::Prescriptions;
use super::store::Index;
use super::suggestions_view::SuggestionsView;
use super::view::{PrescriptionView, Viewer};
use crate::platform::clock::Date;
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, ProductId, UserId};

/// How many prescriptions are read at once.
const PAGE: i32 = 50;

/// Something that was dispensed on a prescription.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldFill {
    /// For which order.
    #[schema(value_type = String)]
    pub order_id: OrderId,
    /// Which product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// How many packs.
    pub quantity: u32,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}

/// A prescription with what was dispensed on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldPrescription {
    /// The prescription, with a link to each of its files.
    #[serde(flatten)]
    pub prescription: PrescriptionView,
    /// What was dispensed on it.
    pub fills: Vec<HeldFill>,
    /// The SHA-256 of the first file that was uploaded, in hexadecimal.
    pub file_sha256: Option<String>,
    /// The SHA-256 of every file that was uploaded and is good, in hexadecimal.
    pub files_sha256: Vec<String>,
    /// What a machine has read on the file for the pharmacist, as long as nobody has decided on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_by_machine: Option<SuggestionsView>,
}

impl From<&Fill> for HeldFill {
    fn from(fill: &Fill) -> Self {
        Self { order_id: fill.order_id, product_id: fill.product_id, quantity: fill.quantity, on: fill.on }
    }
}

impl Prescriptions {
    /// All prescriptions of `owner`, the newest first, as the owner sees them.
    ///
    /// # Errors
    /// DynamoDB does not answer; the function has no credentials to sign links with.
    pub async fn held(&self, owner: &UserId) -> Result<Vec<HeldPrescription>> {
        let mut held = Vec::new();
        let mut after = None;
        loop {
            let batch = self.store.batch(Index::Owner(owner), after, PAGE).await?;
            for prescription in &batch.prescriptions {
                after = Some(prescription.id);
                held.push(self.hold_out(prescription).await?);
            }
            if !batch.more {
                return Ok(held);
            }
        }
    }

    async fn hold_out(&self, prescription: &Prescription) -> Result<HeldPrescription> {
        let reading = match prescription.status {
            Status::Pending => self.reading(prescription.id).await?,
            _ => None,
        };
        Ok(HeldPrescription {
            prescription: self.view(prescription, Viewer::Owner).await?,
            fills: prescription.lines.iter().flat_map(|line| &line.fills).map(HeldFill::from).collect(),
            file_sha256: prescription.sheets.first().file.as_ref().map(|file| file.sha256.clone()),
            files_sha256: prescription.sheets.files().map(|file| file.sha256.clone()).collect(),
            read_by_machine: reading.map(|reading| SuggestionsView::of(reading, prescription)),
        })
    }
}
