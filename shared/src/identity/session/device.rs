//! What somebody signs in with, as far as it can be told: the browser and the system that a request names, and the network it
//! comes from. Nothing is put into the browser for it, and no address is kept.
//!
//! It is coarse on purpose. A new version of a browser, or another address of the same provider, is the same device; the
//! browser of a stranger in another network is not, and neither is another browser in the same one.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::ids::UserId;

/// The most devices that are kept of a person; whoever comes back with one that fell out is told again.
pub const MOST: usize = 20;

/// What names a browser, in the order in which it is looked for: most of them call themselves what they descend from as well.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Apothecary", "the app"),
];
/// What names a system.
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A device of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it is known by: a digest.
    pub key: String,
    /// What people may recognise it by; of a program that nobody knows nothing is said that it says of itself.
    pub name: String,
}

impl Device {
    /// The one that a request comes from.
    pub fn of(user: &UserId, agent: Option<&str>, source_ip: Option<&str>) -> Self {
        let agent = agent.unwrap_or_default();
        let known =
            |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
        let (browser, system) = (known(&BROWSERS), known(&SYSTEMS));
        let name = match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser}, {system}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => String::new(),
        };
        // Programs that name no browser are told apart by what they call themselves, without versions.
        let product = agent.split(['/', ' ']).next().unwrap_or_default();
        let family = if browser.is_some() { name.as_str() } else { product };
        let network = source_ip.map(network).unwrap_or_default();
        let digest = crypto::keyed_hash(b"device", format!("{user}\0{family}\0{network}").as_bytes());
        Self { key: crypto::fingerprint(&digest), name }
    }
}

/// The network of an address, about as large as what a provider hands out in one place.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V4(address)) => {
            let [first, second, ..] = address.octets();
            format!("{first}.{second}")
        }
        Ok(IpAddr::V6(address)) => {
            let [first, second, ..] = address.segments();
            format!("{first:x}:{second:x}")
        }
        Err(_) => String::new(),
    }
}

/// What is kept of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// What people may recognise it by.
    pub name: String,
    /// When its person signed in with it last; as long as they were not told of it, when first.
    pub seen: Timestamp,
    /// Whether its person has been told of it, or need not be.
    pub told: bool,
}

impl Device {
    /// What is kept of it when its person signs in with it and knows it, or has no other.
    pub fn known(&self, now: Timestamp) -> Known {
        Known { name: self.name.clone(), seen: now, told: true }
    }
}

/// The devices that a person has signed in with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// By what they are known by.
    pub devices: BTreeMap<String, Known>,
    /// Grows with every device that is added.
    pub version: u64,
}

impl Devices {
    /// The devices with one of which its person was not told yet.
    #[must_use]
    pub fn with(&self, device: &Device, now: Timestamp) -> Self {
        let mut devices = self.devices.clone();
        devices.entry(device.key.clone()).or_insert_with(|| Known { told: false, ..device.known(now) });
        while devices.len() > MOST {
            let others = devices.iter().filter(|(key, _)| **key != device.key);
            let Some(oldest) = others.min_by_key(|(_, known)| known.seen).map(|(key, _)| key.clone()) else { break };
            devices.remove(&oldest);
        }
        Self { devices, version: self.version.saturating_add(1) }
    }
}

/// A device that its person is to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// What it is known by.
    pub key: String,
    /// What people may recognise it by.
    pub name: String,
    /// When its person signed in with it first, which is what tells this time from an earlier one that fell out.
    pub since: Timestamp,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
    const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0";
    const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

    fn of(agent: &str, address: &str) -> Device {
        Device::of(&UserId::nobody(), Some(agent), Some(address))
    }

    #[test]
    fn a_device_has_a_name_that_people_know_and_never_its_own_words() {
        let name = |agent| of(agent, "203.0.113.7").name;
        assert_eq!([name(FIREFOX), name(CHROME)], ["Firefox, Windows", "Chrome, Android"]);
        assert_eq!([name(EDGE), name(SAFARI)], ["Edge, Windows", "Safari, iOS"]);
        assert_eq!(name("Call +977-1 to win/1.0"), "");
    }

    #[test]
    fn a_new_version_and_a_near_address_are_the_same_device_and_others_are_not() {
        let anna = of(FIREFOX, "203.0.113.7");
        assert_eq!(of(&FIREFOX.replace("140.0", "141.0"), "203.0.5.9"), anna);
        let others = [
            of(CHROME, "203.0.113.7"),
            of(FIREFOX, "198.51.100.7"),
            of("", "203.0.113.7"),
            of("curl/8", "203.0.113.7"),
        ];
        assert!(others.iter().all(|other| other.key != anna.key));
        assert_eq!(of("curl/8.1", "203.0.1.1").key, of("curl/8", "203.0.113.7").key);
        assert_eq!(of(FIREFOX, "2001:db8:1::1").key, of(FIREFOX, "2001:db8:2::9").key);
        assert_ne!(of(FIREFOX, "2001:db8::1").key, of(FIREFOX, "2001:db9::1").key);
        let boris = UserId::parse("00000000-0000-4000-8000-000000000002").unwrap();
        assert_ne!(Device::of(&boris, Some(FIREFOX), Some("203.0.113.7")).key, anna.key, "nobody is followed by it");
        assert!(!anna.key.contains("203"));
    }

    #[test]
    fn of_many_the_one_that_was_not_used_for_longest_falls_out() {
        let mut now = Timestamp::from_millis(0);
        let device = |n: usize| Device { key: n.to_string(), name: "Firefox".to_owned() };
        let first = device(0).known(now);
        assert!(first.told);
        let mut devices = Devices { devices: [("0".to_owned(), first)].into(), version: 1 };
        for n in 1..=MOST {
            now = now.plus(Duration::from_secs(1));
            devices = devices.with(&device(n), now);
            assert!(!devices.devices[&n.to_string()].told);
        }
        assert_eq!((devices.devices.len(), devices.devices.contains_key("0")), (MOST, false));
        let again = devices.with(&device(MOST), now.plus(Duration::from_secs(9)));
        assert_eq!(again.devices[&MOST.to_string()].seen, now, "the same event once more");
    }
}
