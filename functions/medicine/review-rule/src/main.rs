//! The Lambda function `medicine-review-rule`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_review_rule::ENDPOINT)
}
