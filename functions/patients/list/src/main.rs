//! The Lambda function `patients-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&patients_list::ENDPOINT)
}
