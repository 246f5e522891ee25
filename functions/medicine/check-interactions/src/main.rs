//! The Lambda function `medicine-check-interactions`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_check_interactions::ENDPOINT)
}
