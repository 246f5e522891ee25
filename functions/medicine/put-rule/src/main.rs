//! The Lambda function `medicine-put-rule`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_put_rule::ENDPOINT)
}
