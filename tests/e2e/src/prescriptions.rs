//! Prescriptions: announced, uploaded, checked, reviewed.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::{Answer, Client, Person, Product, Shop, eventually, files, upload};

/// The day `days` from today on (negative: ago), as `YYYY-MM-DD` in UTC.
pub fn day(days: i64) -> String {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (year, month, day) = civil(i64::try_from(seconds / 86_400).expect("a day") + days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day since 1970 (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The body that announces a prescription, written yesterday.
pub fn announcement(content_type: &str, size_bytes: usize) -> Value {
    json!({
        "content_type": content_type, "size_bytes": size_bytes, "issued_on": day(-1), "patient_name": "Some One",
        "prescriber": {"name": "Dr Bose", "registration_number": "BM 1234"},
    })
}

/// A line of an approval: this product, `quantity` packs a fill, `fills` fills, `days` apart.
pub fn line(product: &Product, quantity: u32, fills: u32, days: u32) -> Value {
    json!({"product_id": product.id, "quantity": quantity, "fills_allowed": fills, "min_days_between": days})
}

/// The body that approves these lines for a month.
pub fn approval(items: &Value) -> Value {
    json!({"decision": "approve", "items": items, "valid_until": day(30), "has_signature": true})
}

/// The body that rejects.
pub fn rejection() -> Value {
    json!({"decision": "reject", "reason_code": "illegible", "reason": "The dose cannot be read."})
}

impl Person {
    /// Announces and uploads a file; gives the id of the prescription, which is still to be checked.
    ///
    /// # Panics
    /// Where the announcement or the upload is refused.
    pub async fn upload_prescription(&self, content_type: &str, file: &[u8]) -> String {
        let started = self.post("/v1/prescriptions", &announcement(content_type, file.len())).await.body(201);
        assert_eq!(started["status"], "awaiting_upload", "{started}");
        let stored = upload(self, &started["upload"], file).await;
        assert!((200..300).contains(&stored.status), "{}: {} {}", stored.to, stored.status, stored.text());
        started["id"].as_str().expect("an id").to_owned()
    }

    /// A prescription of one's own once its file has been checked.
    pub async fn checked_prescription(&self, id: &str) -> Value {
        eventually("the file of a prescription to be checked", || async {
            let view = self.get(&format!("/v1/prescriptions/{id}")).await.body(200);
            (view["status"] != "awaiting_upload").then_some(view)
        })
        .await
    }

    /// Uploads a picture of a prescription that no other is like; gives its id once a pharmacist can review it.
    ///
    /// # Panics
    /// Where it is not accepted.
    pub async fn pending_prescription(&self) -> String {
        let id = self.upload_prescription("image/png", &files::png()).await;
        let view = self.checked_prescription(&id).await;
        assert_eq!(view["status"], "pending", "{view}");
        id
    }
}

impl Client {
    /// Claims a prescription.
    pub async fn claim(&self, id: &str) -> Answer {
        self.post_nothing(&format!("/v1/prescriptions/{id}/claim")).await
    }

    /// Reviews a prescription.
    pub async fn review(&self, id: &str, body: &Value) -> Answer {
        self.post(&format!("/v1/prescriptions/{id}/review"), body).await
    }
}

impl Shop {
    /// Has the pharmacist claim and review a prescription.
    ///
    /// # Panics
    /// Where either is refused.
    pub async fn review(&self, id: &str, body: &Value) -> Value {
        let pharmacist = self.pharmacist().await;
        pharmacist.claim(id).await.expect(200);
        pharmacist.review(id, body).await.body(200)
    }

    /// A prescription of a customer's that the pharmacist has approved for these lines.
    pub async fn approved_prescription(&self, customer: &Person, items: &Value) -> String {
        let id = customer.pending_prescription().await;
        let view = self.review(&id, &approval(items)).await;
        assert_eq!(view["status"], "approved", "{view}");
        id
    }
}
