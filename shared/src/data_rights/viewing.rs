//! A profile as others see it.

use crate::accounts::{Profile, Profiles, Sight, Viewer};
use crate::audit::{Action, Actor, Audit, Entry};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// Shows profiles to others.
#[derive(Clone, Debug)]
pub struct Viewing {
    /// Where profiles are.
    pub profiles: Profiles,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Viewing {
    /// The profile `id`, if `viewer` may see it. `id` is nothing where it cannot be one; `actor` is the viewer, where they
    /// are signed in.
    ///
    /// Private, unknown, erased and impossible ids cost the same and answer the same. Who works here leaves an entry on
    /// the trail before they see what is not for everybody, and where they may not see it; for ids of nobody too, so that
    /// neither the time nor the trail tells the difference.
    ///
    /// # Errors
    /// 404; 503, also where the trail cannot be written.
    pub async fn view(&self, id: Option<UserId>, viewer: &Viewer, actor: Option<&Actor>) -> Result<Profile> {
        let found = self.profiles.find(id.as_ref().unwrap_or(&UserId::nobody())).await?;
        let sight = found.as_ref().and_then(|profile| profile.seen_by(viewer));
        let recorded = !matches!(sight, Some(Sight::Owner | Sight::Everybody)) && viewer.works_here();
        if let (true, Some(subject), Some(actor)) = (recorded, &id, actor) {
            let entry = if sight.is_some() { Entry::allowed } else { Entry::refused };
            self.audit.append(&entry(actor, Action::ReadProfile, subject, subject, self.clock.now())).await?;
        }
        found.filter(|_| sight.is_some()).ok_or_else(Error::not_found)
    }
}
