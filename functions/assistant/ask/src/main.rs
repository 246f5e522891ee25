//! The Lambda function `assistant-ask`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&assistant_ask::ENDPOINT)
}
