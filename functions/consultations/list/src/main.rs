//! The Lambda function `consultations-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&consultations_list::ENDPOINT)
}
