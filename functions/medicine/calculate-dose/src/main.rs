//! The Lambda function `medicine-calculate-dose`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_calculate_dose::ENDPOINT)
}
