//! The Lambda function `catalog-trace-lot`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_trace_lot::ENDPOINT)
}
