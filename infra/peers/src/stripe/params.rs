//! Parameters, each of which is known or refused.

use crate::call::Answer;

/// The parameters of a call, less those that were taken.
#[derive(Debug)]
pub(super) struct Params(Vec<(String, String)>);

fn wrong(code: &str, message: String) -> Answer {
    Answer::error(400, "invalid_request_error", code, &message)
}

impl Params {
    pub(super) fn read(form: &str) -> Result<Self, Answer> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        for (place, (name, _)) in pairs.iter().enumerate() {
            let again = pairs.iter().take(place).any(|(before, _)| before == name);
            if again && !name.ends_with("[]") {
                return Err(wrong("parameter_duplicated", format!("Received {name} twice")));
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    pub(super) fn required(&mut self, name: &str) -> Result<String, Answer> {
        self.take(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| wrong("parameter_missing", format!("Missing required param: {name}.")))
    }

    pub(super) fn amount(&mut self, name: &str) -> Result<Option<i64>, Answer> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let amount =
            text.parse::<i64>().ok().filter(|amount| *amount > 0 && text.bytes().all(|byte| byte.is_ascii_digit()));
        amount.map(Some).ok_or_else(|| wrong("parameter_invalid_integer", format!("Invalid integer: {text}")))
    }

    /// `name[key]=value`, as pairs of key and value.
    pub(super) fn map(&mut self, name: &str) -> Vec<(String, String)> {
        let prefix = format!("{name}[");
        let (ours, rest) = std::mem::take(&mut self.0).into_iter().partition(|(known, _)| {
            known.starts_with(&prefix) && known.ends_with(']') && known.len() > prefix.len() + 1
        });
        self.0 = rest;
        let key = |known: &str| known.trim_start_matches(&prefix).trim_end_matches(']').to_owned();
        let ours: Vec<(String, String)> = ours;
        ours.into_iter().map(|(known, value)| (key(&known), value)).collect()
    }

    /// `name[]=value` or `name[0]=value`, in order.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let is_ours = |known: &str| {
            known
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'))
                .is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let (ours, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.0).into_iter().partition(|(known, _)| is_ours(known));
        self.0 = rest;
        ours.into_iter().map(|(_, value)| value).collect()
    }

    /// What is to be shown whole.
    pub(super) fn expand(&mut self) -> Result<Expand, Answer> {
        let mut expand = Expand::default();
        for what in self.list("expand") {
            match what.as_str() {
                "latest_charge" => expand.charge = true,
                "latest_charge.refunds" => (expand.charge, expand.refunds) = (true, true),
                _ => return Err(wrong("parameter_invalid", format!("This property cannot be expanded ({what})."))),
            }
        }
        Ok(expand)
    }

    /// Nothing else may have come.
    pub(super) fn nothing_else(self) -> Result<(), Answer> {
        match self.0.first() {
            Some((name, _)) => Err(wrong("parameter_unknown", format!("Received unknown parameter: {name}"))),
            None => Ok(()),
        }
    }
}

/// What is to be shown whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expand {
    pub(super) charge: bool,
    pub(super) refunds: bool,
}
