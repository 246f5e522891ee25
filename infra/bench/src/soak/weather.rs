//! How often what goes wrong, as time goes by: a little everywhere, and much with one service after the other.

use std::time::{Duration, Instant};

use super::faults::{Faults, Rates};
use crate::load::dice::Dice;

/// The services that functions call.
const SERVICES: [&str; 15] = [
    "dynamodb",
    "s3",
    "cognito-idp",
    "sqs",
    "ses",
    "sns",
    "kms",
    "secretsmanager",
    "lambda",
    "events",
    "textract",
    "bedrock",
    "execute-api",
    "stripe",
    "paypal",
];
/// What goes wrong at every moment. A service is asked three times before a call is given up, so that hardly any request fails
/// by this.
const BREEZE: [(&str, f64); 5] =
    [("latency", 0.05), ("error", 0.004), ("throttle", 0.004), ("reset", 0.003), ("lost", 0.002)];
/// What goes wrong with one service while it storms there: enough that requests fail.
const STORM: [(&str, f64); 5] =
    [("latency", 0.3), ("error", 0.12), ("throttle", 0.12), ("reset", 0.08), ("lost", 0.05)];
/// For how long a storm stays where it is.
const TURN: Duration = Duration::from_secs(20);

/// The rates while it storms at one service.
fn rates(stormy: &str) -> Rates {
    let of = |service| if service == stormy { STORM } else { BREEZE };
    SERVICES.iter().map(|service| (*service, of(*service).into_iter().collect())).collect()
}

/// Where it storms next: every other time in the tables, which everything stands on.
fn next(dice: &mut Dice) -> &'static str {
    let any = *dice.one_of(&SERVICES);
    if dice.below(2) == 0 { SERVICES[0] } else { any }
}

/// Lets it blow for so long; then nothing goes wrong any more: since the moment that it returns.
pub async fn blow(faults: Faults, seed: u64, during: Duration) -> Instant {
    let (start, mut dice) = (Instant::now(), Dice::seeded(usize::MAX / 2, seed));
    while start.elapsed() < during {
        faults.set(&rates(next(&mut dice))).await;
        tokio::time::sleep(TURN.min(during.saturating_sub(start.elapsed()))).await;
    }
    faults.set(&Rates::new()).await;
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_storms_at_one_service_and_no_call_can_go_wrong_in_more_than_one_way() {
        let rates = rates("kms");
        assert_eq!(rates.len(), SERVICES.len());
        for (service, of) in &rates {
            let wrong: f64 = of.iter().filter(|(name, _)| **name != "latency").map(|(_, rate)| rate).sum();
            assert_eq!(wrong > 0.1, *service == "kms", "{service}");
            assert!(wrong < 0.5 && of.len() == 5, "{service}: {of:?}");
        }
    }

    #[test]
    fn every_service_has_its_storm_and_a_seed_says_when() {
        let path = |seed| {
            let mut dice = Dice::seeded(3, seed);
            (0..400).map(|_| next(&mut dice)).collect::<Vec<_>>()
        };
        assert_eq!(path(1), path(1));
        assert_ne!(path(1), path(2));
        assert!(SERVICES.iter().all(|service| path(1).contains(service)));
    }
}
