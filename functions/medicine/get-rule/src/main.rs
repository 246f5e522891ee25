//! The Lambda function `medicine-get-rule`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_get_rule::ENDPOINT)
}
