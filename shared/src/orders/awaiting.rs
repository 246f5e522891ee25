//! Which orders wait for a prescription.

use super::fulfilment::Orders;
use super::order::Order;
use crate::patients::of_owner;
use crate::platform::error::Result;
use crate::platform::ids::PatientId;
use crate::prescriptions::view::{PrescriptionView, WaitingOrder};

impl Orders {
    /// The prescription with the orders that wait for it. Costs a query of its owner's orders.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn with_waiting(&self, view: PrescriptionView) -> Result<PrescriptionView> {
        let given = self.store.placed_with(&view.owner, view.id).await?;
        let waiting = given.iter().filter(|order| waits(order, view.patient_id));
        let waiting = waiting.map(|order| WaitingOrder { id: order.id, number: order.number() }).collect();
        Ok(PrescriptionView { waiting_orders: Some(waiting), ..view })
    }
}

/// Whether something in it for the patient has no fill yet.
fn waits(order: &Order, patient: PatientId) -> bool {
    let whom = |line: &super::order::OrderLine| line.patient.unwrap_or_else(|| of_owner(&order.customer));
    order.uncovered().any(|line| whom(line) == patient)
}
