//! Profile pictures: started by their owner, uploaded straight to the bucket, shown once they have been checked.
//!
//! The profile remembers the upload that was started last, and every key that is still to be deleted. So the check may
//! run twice, late, out of order, or be killed at any step: the next run finds out how far it came and goes on.

use super::profile::{Profile, ProfilePicture};
use super::store::AccountStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{PictureId, UserId};
use crate::platform::objects::{Bucket, Upload, UploadRule};
use crate::platform::pictures::{self, Picture, PictureRule, PictureType};

/// The most bytes of an upload.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024;
/// Profile pictures are shown small.
const RULE: PictureRule = PictureRule { max_side: 512 };
/// A picture never changes under its address, but its person may take it off or be erased: within the hour nobody who has
/// kept it shows it any more.
const CACHE_CONTROL: &str = "public, max-age=3600";
/// How often a change is tried that others keep overtaking.
const ATTEMPTS: u32 = 5;

const INCOMING: &str = "incoming/avatars/";
const SHOWN: &str = "public/avatars/";

/// An upload of a profile picture, as its key in the media bucket names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureUpload {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub picture: PictureId,
}

impl PictureUpload {
    /// Reads `incoming/avatars/<user>/<picture>`; nothing for the key of anything else.
    pub fn of_key(key: &str) -> Option<Self> {
        let (user, picture) = key.strip_prefix(INCOMING)?.split_once('/')?;
        Some(Self { user: UserId::parse(user).ok()?, picture: PictureId::parse(picture).ok()? })
    }

    fn key(&self) -> String {
        format!("{INCOMING}{}/{}", self.user, self.picture)
    }

    fn shown_key(&self, extension: &str) -> String {
        format!("{SHOWN}{}.{extension}", self.picture)
    }
}

/// How the check of an upload ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is the picture of the profile.
    Shown,
    /// It is no picture that may be shown; the profile is as it was.
    Refused(&'static str),
    /// A later upload, or a removal, has overtaken it.
    Overtaken,
}

/// The profile pictures.
#[derive(Clone, Debug)]
pub struct ProfilePictures {
    store: AccountStore,
    media: Bucket,
    clock: Clock,
}

impl ProfilePictures {
    /// In the media bucket, noted in the accounts' table.
    pub fn new(store: AccountStore, media: Bucket, clock: Clock) -> Self {
        Self { store, media, clock }
    }

    /// Starts an upload; it overtakes any that was started before.
    ///
    /// # Errors
    /// 404 without a profile; DynamoDB does not answer.
    pub async fn start(&self, user: &UserId, content_type: PictureType) -> Result<Upload> {
        let upload = PictureUpload { user: user.clone(), picture: PictureId::generate(self.clock.now()) };
        if !self.store.expect_picture(user, upload.picture).await? {
            return Err(Error::not_found());
        }
        let key = upload.key();
        let content_type = content_type.content_type();
        self.media.upload_form(UploadRule { key: &key, content_type, max_bytes: MAX_BYTES }).await
    }

    /// Takes the picture off the profile, and an upload that is on its way with it.
    ///
    /// # Errors
    /// 404 without a profile; DynamoDB or S3 does not answer.
    pub async fn remove(&self, user: &UserId) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let profile = self.store.profile(user).await?.ok_or_else(Error::not_found)?;
            let nothing_to_hide = profile.picture.is_none() && profile.pending_picture.is_none();
            if nothing_to_hide || self.store.hide_picture(&profile).await? {
                return self.delete_retired(user).await;
            }
        }
        Err(Error::busy())
    }

    /// Checks an upload that has arrived and shows it.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer; the event is to be handled again.
    pub async fn check(&self, upload: &PictureUpload) -> Result<Checked> {
        let mut normalised: Option<Picture> = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(profile) = self.store.profile(&upload.user).await? else { return self.discard(upload).await };
            if profile.picture.as_ref().is_some_and(|shown| shown.id == upload.picture) {
                return self.finish(upload).await;
            }
            if profile.pending_picture != Some(upload.picture) {
                return self.discard(upload).await;
            }
            let picture = match &normalised {
                Some(picture) => picture,
                None => match self.fetch(upload).await? {
                    Ok(picture) => normalised.insert(picture),
                    Err(reason) => return self.refuse(upload, reason).await,
                },
            };
            if self.show(&profile, upload, picture).await? {
                return self.finish(upload).await;
            }
        }
        Err(Error::busy())
    }

    /// The upload as a picture that may be shown, or why it is none.
    async fn fetch(&self, upload: &PictureUpload) -> Result<Result<Picture, &'static str>> {
        let file = match self.media.read_typed(&upload.key(), MAX_BYTES).await {
            Ok(file) => file,
            Err(error) if error.kind() == Kind::Invalid => return Ok(Err("too_large")),
            Err(error) => return Err(error),
        };
        let Some(file) = file else { return Ok(Err("missing")) };
        let picture = pictures::normalise(&file.bytes, &file.content_type, RULE);
        Ok(picture.map_err(pictures::Refusal::code))
    }

    async fn show(&self, profile: &Profile, upload: &PictureUpload, picture: &Picture) -> Result<bool> {
        let key = upload.shown_key(picture.extension());
        self.media.write(&key, picture.bytes.clone(), picture.content_type, CACHE_CONTROL).await?;
        self.store.show_picture(profile, &ProfilePicture { id: upload.picture, key }).await
    }

    async fn finish(&self, upload: &PictureUpload) -> Result<Checked> {
        self.media.delete(&upload.key()).await?;
        self.delete_retired(&upload.user).await?;
        Ok(Checked::Shown)
    }

    async fn refuse(&self, upload: &PictureUpload, reason: &'static str) -> Result<Checked> {
        // Forgotten first: killed in between, the next run finds an upload that nobody waits for and discards it.
        self.store.forget_picture(&upload.user, upload.picture).await?;
        self.discard(upload).await?;
        Ok(Checked::Refused(reason))
    }

    /// Deletes an upload that is not shown, and what a run that was killed may have made of it.
    async fn discard(&self, upload: &PictureUpload) -> Result<Checked> {
        for extension in ["jpg", "png"] {
            self.media.delete(&upload.shown_key(extension)).await?;
        }
        self.media.delete(&upload.key()).await?;
        Ok(Checked::Overtaken)
    }

    /// Deletes every file that the profile of `user` names: what is shown, what was shown, and an upload on its way. How
    /// many; what another run has counted is not counted again.
    ///
    /// The profile names them as retired before they are deleted: a check that is under way finds that nobody waits for
    /// its picture and takes it back, and a run that was killed leaves all of them to the next.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn erase(&self, user: &UserId) -> Result<u32> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(profile) = self.store.profile(user).await? else { return Ok(0) };
            let files = files_of(&profile);
            if files.is_empty() {
                return Ok(0);
            }
            let is_retired = profile.picture.is_none() && profile.pending_picture.is_none();
            if !is_retired && !self.store.retire_pictures(&profile, &files).await? {
                continue;
            }
            for key in &files {
                self.media.delete(key).await?;
            }
            let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
            if self.store.clear_retired(&Profile { retired_pictures: files, ..profile }).await? {
                return Ok(count);
            }
        }
        Err(Error::busy())
    }

    async fn delete_retired(&self, user: &UserId) -> Result<()> {
        let Some(profile) = self.store.profile(user).await? else { return Ok(()) };
        if profile.retired_pictures.is_empty() {
            return Ok(());
        }
        for key in &profile.retired_pictures {
            self.media.delete(key).await?;
        }
        // Refused where another was retired in between: the next change of picture deletes both.
        self.store.clear_retired(&profile).await.map(|_| ())
    }
}

/// Every file that `profile` names: what was shown, what is shown, and an upload on its way with what a check may have
/// made of it.
fn files_of(profile: &Profile) -> Vec<String> {
    let shown = profile.picture.iter().map(|picture| picture.key.clone());
    let mut files: Vec<_> = profile.retired_pictures.iter().cloned().chain(shown).collect();
    if let Some(picture) = profile.pending_picture {
        let upload = PictureUpload { user: profile.id.clone(), picture };
        files.extend(["jpg", "png"].map(|extension| upload.shown_key(extension)));
        files.push(upload.key());
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;

    #[test]
    fn only_keys_of_uploads_are_uploads() {
        let upload = PictureUpload {
            user: UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap(),
            picture: PictureId::generate(Timestamp::from_millis(1)),
        };
        assert_eq!(PictureUpload::of_key(&upload.key()), Some(upload.clone()));
        let shown = upload.shown_key("png");
        for wrong in ["", "incoming/avatars/x/y", "incoming/products/1/2", shown.as_str()] {
            assert_eq!(PictureUpload::of_key(wrong), None, "{wrong}");
        }
    }
}
