//! The Lambda function `webhooks-deliver`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&webhooks_deliver::WORKER)
}
