//! The Lambda function `chat-scan-attachment`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&chat_scan_attachment::WORKER)
}
