//! Telling a person: into their inbox, by mail, by text message; each at its time, and each once whatever is repeated.
//!
//! - It runs twice: the inbox has the notice under the id it always has; a way that is gone has its note.
//! - Two at once: the note lets one through; the other comes back after the lease and finds it sent.
//! - It dies in the middle: a mail goes out again after the lease, a text message does not.

use super::choice::ways;
use super::inbox::Told;
use super::note_store::Claim;
use super::notice::{About, Addressee, Channel, Notice};
use super::queue::Queue;
use super::store::NoticeStore;
use super::unsubscribe::Tokens;
use crate::accounts::{Profile, Profiles};
use crate::consultations::ConsultationStore;
use crate::identity::Directory;
use crate::notifications::{Letter, Notifier, To};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::zone::Zone;

/// Tells people.
#[derive(Debug)]
pub struct Telling<'a> {
    /// What was told, and what waits.
    pub store: NoticeStore,
    /// Knows how people are reached, and what they have chosen.
    pub profiles: Profiles,
    /// Knows how far a consultation was read.
    pub consultations: ConsultationStore,
    /// Knows who works here.
    pub directory: Directory,
    /// Where a notice for several people becomes one for each.
    pub queue: &'a Queue,
    /// Writes to people.
    pub notifier: Notifier,
    /// Makes the addresses that turn topics off.
    pub tokens: Tokens,
    /// Where those addresses begin.
    pub api_url: String,
    /// The page that people sign in at, if it is known.
    pub shop_url: Option<String>,
    /// Where the pharmacy is.
    pub zone: Zone,
    /// The time.
    pub clock: Clock,
}

impl Telling<'_> {
    /// Tells what a notice says, as far as it is not told yet and its time has come.
    ///
    /// # Errors
    /// A service does not answer, or somebody else is at it: it is tried again later.
    pub async fn tell(&self, notice: &Notice) -> Result<()> {
        match (&notice.to, notice.to.role()) {
            (Addressee::Person(person), _) => self.tell_person(notice, person).await,
            (_, Some(role)) => {
                let people = self.directory.with_role(role).await?;
                let each: Vec<_> = people.iter().map(|person| (notice.addressed(person), 0)).collect();
                self.queue.put(&each).await
            }
            _ => Err(Error::internal("a notice for nobody")),
        }
    }

    async fn tell_person(&self, notice: &Notice, person: &UserId) -> Result<()> {
        // Who is about to be erased is told nothing any more.
        let Some(profile) = self.profiles.living(person).await? else { return Ok(()) };
        if !self.is_news(notice, person).await? {
            return Ok(());
        }
        if notice.only.is_none() {
            self.store.put(person, &Told::of(notice, person)).await?;
        }
        let now = self.clock.now();
        let ways = ways(notice.kind, &profile, now, &self.zone)?;
        let mut failure = None;
        for way in ways.into_iter().filter(|way| notice.only.is_none_or(|only| only == way.channel)) {
            let done = match way.held_until {
                Some(until) => self.hold(notice, person, way.channel, until).await,
                None => self.send(notice, person, &profile, way.channel).await,
            };
            // One way that fails keeps nobody from the other.
            failure = failure.or(done.err());
        }
        failure.map_or(Ok(()), Err)
    }

    /// Of messages, whether somebody has still to be told: they have not read it, and were not told since they last read.
    async fn is_news(&self, notice: &Notice, person: &UserId) -> Result<bool> {
        let (Some(message), Some(About::Consultation(id))) = (notice.message, notice.about) else { return Ok(true) };
        self.consultations.tell(id, person, message, self.clock.now()).await
    }

    async fn hold(&self, notice: &Notice, person: &UserId, channel: Channel, until: Timestamp) -> Result<()> {
        if self.store.is_noted(notice, person, channel).await? {
            return Ok(());
        }
        self.store.hold(&Notice { only: Some(channel), ..notice.clone() }, until).await
    }

    async fn send(&self, notice: &Notice, person: &UserId, profile: &Profile, channel: Channel) -> Result<()> {
        let to = match channel {
            Channel::Mail => profile.email.as_ref().map(To::Email),
            Channel::Sms => profile.phone.as_ref().map(To::Phone),
        };
        let Some(to) = to else { return Ok(()) };
        let held = match self.store.claim(notice, person, channel, self.clock.now()).await? {
            Claim::Mine(held) => held,
            Claim::Done => return Ok(()),
            Claim::Theirs => return Err(Error::busy()),
        };
        // What goes out whatever was turned off cannot be turned off.
        let token = match notice.kind.is_urgent() {
            true => None,
            false => self.tokens.token(person, notice.kind.topic())?,
        };
        let unsubscribe = token.map(|token| format!("{}/v1/notifications/unsubscribe/{token}", self.api_url));
        let letter = Letter {
            kind: notice.kind,
            value: &notice.value,
            detail: notice.detail.as_deref(),
            page: self.shop_url.as_deref(),
            unsubscribe: unsubscribe.as_deref(),
        };
        let Err(failed) = self.notifier.tell(to, profile.preferences.language, &letter).await else {
            return self.store.sent(&held).await;
        };
        if failed.surely_not_sent {
            self.store.give_back(&held).await?;
            return Err(failed.error);
        }
        // Nobody knows whether the text message was sent. It is not sent again.
        tracing::warn!(error.cause = failed.error.cause(), "a text message may not have been sent");
        self.store.sent(&held).await
    }
}
