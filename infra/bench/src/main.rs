//! `make bench`: see `infra/bench/README.md`.

#[tokio::main]
async fn main() {
    let what = std::env::args().nth(1);
    match what.as_deref() {
        Some("load") => bench::load::run().await,
        Some("cost") => bench::cost::run(),
        _ => eprintln!("bench: load, cost"),
    }
}
