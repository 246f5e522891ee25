//! The use-cases of triage.

use futures_util::future::join;

use super::assess::{self, Assessment, NewTriage, Said, TriageAlarm, Understood};
use super::facts::RELEASE;
use super::person::{Person, birthday};
use super::session::{OwnSign, Triage, TriageView};
use super::store::TriageStore;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::medicine::{Followed, RedFlags};
use crate::patients::Patients;
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::TriageId;
use crate::platform::wording;
use crate::platform::zone::Zone;
use crate::records::Sight;
use crate::red_flags::Flags;

/// How often a triage is tried that another answer has overtaken.
const ATTEMPTS: u32 = 6;

/// Triages.
#[derive(Clone, Debug)]
pub struct Triages {
    /// Where they are.
    pub store: TriageStore,
    /// Who is ill.
    pub patients: Patients,
    /// The signs of an emergency.
    pub flags: RedFlags,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
    /// Whether who is not signed in may ask.
    pub guests: bool,
}

/// Who asks of whom nothing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Nobody is signed in.
    Guest,
    /// Somebody who has no records.
    WithoutRecords,
}

/// What is answered.
#[derive(Debug)]
pub enum Answered {
    /// This cannot wait.
    Alarm(Box<TriageAlarm>),
    /// What fits, how soon to be seen, what to ask next.
    Assessment(Box<Assessment>),
}

impl Triages {
    /// Takes what the caller says about a patient of theirs, and says what follows. Signs of danger come first: where there is one
    /// nothing else is answered. Of a triage that begins so nothing is kept; one that is gone on with keeps what was said, and answers
    /// the emergency until that is said not to be there.
    ///
    /// What is built in is looked for before anything is read, and answered whatever becomes of the rest: no database that is away, and
    /// no triage or patient that is not theirs, hides it. A triage that is gone on with is marked where that can be.
    ///
    /// Going on with a triage adds what is said to what was said; what is said anew about a symptom takes the place of what
    /// was said before. Twice is once; at once, one of two reads again; killed before the one transaction, nothing was said.
    ///
    /// # Errors
    /// 400 at `patient_id`, at `patient`, or at `symptoms` where nothing is there; 404 for a triage that is not theirs; DynamoDB does not
    /// answer.
    pub async fn assess(&self, actor: &Actor, new: &NewTriage, clinician: bool) -> Result<Answered> {
        let alarm = self.at_once(new).map(|alarm| Answered::Alarm(Box::new(alarm)));
        if new.triage.is_none()
            && let Some(alarm) = alarm
        {
            return Ok(alarm);
        }
        match (self.on_record(actor, new, clinician).await, alarm) {
            (Ok(Answered::Assessment(_)), Some(alarm)) => Ok(alarm),
            (Err(error), Some(alarm)) => {
                let (code, cause) = (error.code(), error.cause());
                tracing::warn!(error.code = code, error.cause = cause, "an emergency is not kept");
                Ok(alarm)
            }
            (answered, _) => answered,
        }
    }

    /// The emergency that one request speaks of by what is built in: nothing is read for it, so nothing can keep it back. What this
    /// function has in mind of the pharmacy's own signs is named beside it.
    pub fn at_once(&self, new: &NewTriage) -> Option<TriageAlarm> {
        Heard::of(new, &Flags::default(), true).alarm?;
        Heard::of(new, &self.flags.in_mind(), true).alarm
    }

    /// What follows with what is on record.
    async fn on_record(&self, actor: &Actor, new: &NewTriage, clinician: bool) -> Result<Answered> {
        if new.person.is_some() {
            // A mistake in the request keeps nobody from being told to call for help.
            let Followed { flags, whole } = self.flags.followed().await;
            let Heard { alarm, mut faults, .. } = Heard::of(new, &flags, whole);
            faults.push(Invalid::new("not_allowed", wording::triage::on_record()).at("patient"));
            return alarm.map(|alarm| Answered::Alarm(Box::new(alarm))).ok_or_else(|| faults.into());
        }
        let owner = &actor.user;
        let whose = async {
            let chosen = self.patients.chosen(owner, new.patient).await?;
            Ok::<_, Error>((chosen, self.patients.get(owner, chosen).await?))
        };
        let (whose, Followed { flags, whole }) = join(whose, self.flags.followed()).await;
        let (chosen, patient) = whose?;
        let now = self.clock.now();
        let on_record = Person::of(&patient, self.zone.day(now)?);
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let before = match new.triage {
                Some(id) => Some(self.store.get(patient.id, id).await?.ok_or_else(Error::not_found)?),
                None => None,
            };
            let Understood { said, unread, faults } = new.understood(&flags, whole, before.as_ref());
            let said = together(before.as_ref(), &said);
            let person = on_record.with(&said);
            let mut kept = before.as_ref().map(|triage| triage.own.clone()).unwrap_or_default();
            let is_new = |sign: &OwnSign| !kept.iter().any(|other| other.id == sign.id);
            let unread: Vec<_> = unread.into_iter().filter(is_new).collect();
            kept.extend(unread);
            let own = assess::own_signs(&said, &person, &flags, &kept);
            let words = new.words.or(before.as_ref().and_then(|triage| triage.words));
            if let Some(alarm) = assess::alarm(&said, words, new.language, &person, (&own, &flags)) {
                let kept = match before {
                    Some(triage) => self.mark(&triage.alarmed(said, words, own, &alarm, now)).await,
                    None => Ok(true),
                };
                // Who has to be told to call for help is told, kept or not.
                match kept {
                    Ok(false) if attempt + 1 < ATTEMPTS => continue,
                    Err(error) => {
                        tracing::warn!(
                            error.code = error.code(),
                            error.cause = error.cause(),
                            "an emergency is not kept"
                        );
                    }
                    Ok(_) => {}
                }
                return Ok(Answered::Alarm(Box::new(alarm)));
            }
            if !faults.is_empty() {
                return Err(faults.into());
            }
            something_is_there(&said)?;
            let id = before.as_ref().map_or_else(|| TriageId::generate(now), |triage| triage.id);
            let assessment = Assessment::of(Some((id, patient.id)), &person, &said, clinician, (&flags, now));
            let triage = Triage {
                id,
                patient: patient.id,
                urgency: assessment.urgency,
                conditions: assessment.conditions.iter().map(assess::RankedView::id).collect(),
                said,
                emergency: Vec::new(),
                words: None,
                own: before.as_ref().map(|triage| triage.own.clone()).unwrap_or_default(),
                dataset: RELEASE.to_owned(),
                red_flags: Some(flags.version().to_owned()),
                created_at: before.as_ref().map_or(now, |triage| triage.created_at),
                updated_at: now,
                version: before.as_ref().map_or(1, |triage| triage.version + 1),
            };
            let mut writes = vec![self.store.save(&triage)?];
            if before.is_none() {
                let entry = Entry::allowed(actor, Action::StartTriage, owner, id, now);
                writes.push(self.audit.action(&entry)?);
                writes.extend(self.patients.keep(owner, chosen)?);
            }
            match transact(self.store.table.client(), writes).await? {
                Outcome::Done => return Ok(Answered::Assessment(Box::new(assessment))),
                // It may be the patient who went meanwhile.
                Outcome::Refused(_) => {
                    self.patients.chosen(owner, chosen).await?;
                }
            }
        }
        Err(Error::busy())
    }

    /// Says what follows from all that is said about somebody of whom nothing is on record, and keeps nothing of it: the next request
    /// says all of it again. It goes by the same rules, and an emergency is told whoever asks.
    ///
    /// # Errors
    /// 401 where guests may not ask, or ask about what is on record; 403 where others do; 400 at `symptoms` where nothing is there, and
    /// at a sign that there is not.
    pub async fn pass(&self, new: &NewTriage, asker: Asker, clinician: bool) -> Result<Answered> {
        if let Some(alarm) = self.at_once(new) {
            return Ok(Answered::Alarm(Box::new(alarm)));
        }
        let Followed { flags, whole } = self.flags.followed().await;
        let heard = Heard::of(new, &flags, whole);
        if let Some(alarm) = heard.alarm {
            return Ok(Answered::Alarm(Box::new(alarm)));
        }
        if !heard.faults.is_empty() {
            return Err(heard.faults.into());
        }
        match asker {
            Asker::Guest if new.is_about_records() || !self.guests => {
                return Err(Error::new(Kind::Unauthenticated, "unauthenticated", wording::edge::sign_in()));
            }
            Asker::WithoutRecords if new.is_about_records() => return Err(Error::forbidden()),
            Asker::Guest | Asker::WithoutRecords => {}
        }
        something_is_there(&heard.said)?;
        let assessment = Assessment::of(None, &heard.person, &heard.said, clinician, (&flags, self.clock.now()));
        Ok(Answered::Assessment(Box::new(assessment)))
    }

    /// Keeps a triage in place of the version before it; `false` where another answer has overtaken it.
    async fn mark(&self, triage: &Triage) -> Result<bool> {
        let writes = vec![self.store.save(triage)?];
        Ok(matches!(transact(self.store.table.client(), writes).await?, Outcome::Done))
    }

    /// Triages of a patient, the newest first; the position to go on from where there are more.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        sight: &Sight,
        after: Option<TriageId>,
        limit: u16,
    ) -> Result<(Vec<TriageView>, Option<TriageId>)> {
        let batch = self.store.batch(sight.patient, after, i32::from(limit)).await?;
        let last = batch.triages.last().map(|triage| triage.id).filter(|_| batch.more);
        Ok((batch.triages.into_iter().map(TriageView::from).collect(), last))
    }

    /// One triage.
    ///
    /// # Errors
    /// 404; DynamoDB does not answer.
    pub async fn get(&self, sight: &Sight, id: TriageId) -> Result<TriageView> {
        Ok(self.store.get(sight.patient, id).await?.ok_or_else(Error::not_found)?.into())
    }

    /// All triages of these patients, for a copy.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held(&self, patients: &[crate::patients::Patient]) -> Result<Vec<TriageView>> {
        let mut held = Vec::new();
        for patient in patients {
            let mut after = None;
            loop {
                let batch = self.store.batch(patient.id, after, 100).await?;
                after = batch.triages.last().map(|triage| triage.id);
                held.extend(batch.triages.into_iter().map(TriageView::from));
                if !batch.more {
                    break;
                }
            }
        }
        Ok(held)
    }
}

/// What one request says by itself.
struct Heard {
    said: Vec<Said>,
    person: Person,
    alarm: Option<TriageAlarm>,
    faults: FieldErrors,
}

impl Heard {
    /// By these signs; `whole` says whether they are all that there are.
    fn of(new: &NewTriage, flags: &Flags, whole: bool) -> Self {
        let Understood { said, unread, faults } = new.understood(flags, whole, None);
        let person = new.person.unwrap_or_default().with(&said);
        let own = assess::own_signs(&said, &person, flags, &unread);
        let alarm = assess::alarm(&said, new.words, new.language, &person, (&own, flags));
        Self { said, person, alarm, faults }
    }
}

/// How old somebody is, is no reason to see anybody.
fn something_is_there(said: &[Said]) -> Result<()> {
    if said.iter().any(|one| one.present == Some(true) && birthday(&one.id).is_none()) {
        return Ok(());
    }
    Err(vec![Invalid::new("required", wording::triage::a_symptom_is_needed()).at("symptoms")].into())
}

/// What was said before, and what is said now in its place or beside it. Who is no longer sure of what was an emergency has not said
/// that it is none.
fn together(before: Option<&Triage>, now: &[Said]) -> Vec<Said> {
    let mut said = before.map(|triage| triage.said.clone()).unwrap_or_default();
    let alarmed = before.is_some_and(|triage| !triage.emergency.is_empty());
    for one in now {
        match said.iter_mut().find(|other| other.id == one.id) {
            Some(other) if alarmed && other.present == Some(true) && one.present.is_none() => {}
            Some(other) => *other = one.clone(),
            None => said.push(one.clone()),
        }
    }
    said
}
