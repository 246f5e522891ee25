//! The Lambda function `chat-frame`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_socket(&chat_frame::SOCKET)
}
