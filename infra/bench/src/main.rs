//! `make bench`: see `infra/bench/README.md`.

#[tokio::main]
async fn main() {
    let what = std::env::args().nth(1);
    match what.as_deref() {
        Some("counts") => {
            let counts =
                bench::counts::all(&std::env::args().nth(2).unwrap_or_default(), |name| eprintln!("{name}")).await;
            println!("{}", serde_json::to_string_pretty(&counts).unwrap());
        }
        Some("speed") => {
            let only = std::env::args().nth(2).unwrap_or_default();
            let functions: Vec<_> = bench::subject::functions()
                .into_iter()
                .filter(|name| only.split(',').any(|one| name.contains(one)))
                .collect();
            let speeds = bench::speed::measure(&functions, 50, |name| eprintln!("{name}")).await;
            for (name, speed) in speeds {
                println!("{name} {speed:?}");
            }
            for name in functions {
                println!("{name} {:?}", bench::binaries::size(name));
            }
        }
        Some("instructions") => {
            let only = std::env::args().nth(2).unwrap_or_default();
            let functions: Vec<_> = bench::subject::functions()
                .into_iter()
                .filter(|name| only.split(',').any(|one| name.contains(one)))
                .chain([bench::subject::HELLO])
                .collect();
            for (name, count) in bench::binaries::all_instructions(&functions, |name| eprintln!("{name}")).await {
                println!("{name} {count:?}");
            }
        }
        Some("load") => bench::load::run().await,
        Some("cost") => bench::cost::run(),
        _ => eprintln!("bench: load, cost"),
    }
}
