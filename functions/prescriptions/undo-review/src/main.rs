//! The Lambda function `prescriptions-undo-review`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_undo_review::ENDPOINT)
}
