//! The Lambda function `medicine-get-substance`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_get_substance::ENDPOINT)
}
