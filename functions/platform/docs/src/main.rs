//! The Lambda function `platform-docs`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&platform_docs::ENDPOINT)
}
