//! The Lambda function `catalog-expire-lots`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&catalog_expire_lots::WORKER)
}
