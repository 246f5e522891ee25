//! The Lambda function `medicine-search-substances`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_search_substances::ENDPOINT)
}
