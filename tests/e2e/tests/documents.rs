//! The examples of docs/accounts.md, run as they stand there.

use std::process::Command;

use e2e::{Stack, covers};

/// What stands in the fenced blocks of a language.
fn blocks(text: &str, language: &str) -> String {
    let opening = format!("```{language}");
    let mut within = false;
    let mut script = String::new();
    for line in text.lines() {
        match line {
            "```" => within = false,
            _ if line == opening => within = true,
            _ if within => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

#[tokio::test]
async fn the_examples_of_the_page_on_accounts_work() {
    covers!("auth-register", "auth-confirm", "auth-login", "auth-refresh", "auth-logout", "auth-answer-challenge");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/accounts.md")).unwrap();
    let script = blocks(&page, "sh");
    assert!(script.lines().filter(|line| line.contains("/v1/auth/")).count() > 10, "{script}");
    // They need what their readers have. Who builds Apothecary need not have it; who checks it must.
    let found = Command::new("bash").args(["-c", "command -v curl python3"]).output();
    if !found.is_ok_and(|found| found.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "install bash, curl and python3: the examples of the page need them");
        eprintln!("The examples of docs/accounts.md were not run: bash, curl or python3 is missing.");
        return;
    }
    let stack = Stack::read();
    let run = tokio::task::spawn_blocking(move || {
        Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .env("API", &stack.api_url)
            .env("AWS", stack.aws_endpoint.expect("the local AWS, which shows its mails"))
            .output()
            .expect("bash and curl")
    });
    let output = run.await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
}
