//! The Lambda function `catalog-receive-lot`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_receive_lot::ENDPOINT)
}
