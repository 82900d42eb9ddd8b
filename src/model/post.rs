//! One post, whatever format it came from.

use std::borrow::{Borrow, Cow};
use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::host::host_of;
use super::{Digest, Passage, Value, passages};

/// The name a decision is kept under: raw text, compared byte by byte, never read as a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PostId(String);

impl PostId {
    /// An id longer than this is not usable as one. Unit: bytes.
    pub const MAX_BYTES: usize = 1024;

    /// The id with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The raw text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Compared, ordered and hashed as its text, so that it can be looked up by it.
impl Borrow<str> for PostId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A post in its canonical form. Serialised, it is what `show --format json` prints: `id`, `title`
/// and `body` first, then the fields in the order in which they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// What decisions are kept under.
    pub id: PostId,
    /// One line.
    pub title: String,
    /// Blocks, separated by one blank line each.
    pub body: String,
    /// Every other field by its name, known ones in canonical form (see `meta::Shape::normalise`).
    pub fields: Vec<(String, Value)>,
}

/// A score between 0 and 100.
pub type Score = f32;

/// One picture that a post says it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// The host or place it comes from.
    pub source: &'a str,
    /// Its whole address; blank when the post gives none.
    pub url: &'a str,
}

/// Where a post contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// It asks for a human review and claims to have had one.
    ClaimedReviewed,
    /// It says it has images, and there are none.
    ImagesMissing,
    /// It says it has no images, and there are some.
    ImagesDenied,
    /// A score is not between 0 and 100.
    ScoreOutOfRange,
}

impl Contradiction {
    /// A sentence for the reviewer.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::ClaimedReviewed => "asks for a human review but claims to be reviewed",
            Self::ImagesMissing => "says it has images but there are none",
            Self::ImagesDenied => "says it has no images but there are some",
            Self::ScoreOutOfRange => "a score is not between 0 and 100",
        }
    }

    /// The field and the key beside which the mark stands.
    pub const fn place(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::ClaimedReviewed => ("flags", Some("needs_human_review")),
            Self::ImagesMissing | Self::ImagesDenied => ("flags", Some("has_images")),
            Self::ScoreOutOfRange => ("score", None),
        }
    }
}

/// What a post says that can contradict something else it says.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The status that it claims; blank for none.
    pub status: &'a str,
    /// Whether it asks for a human review, where it says so.
    pub needs_review: Option<bool>,
    /// Whether it has images, where it says so.
    pub has_images: Option<bool>,
    /// It names the source of an image.
    pub names_images: bool,
    /// A score is not between 0 and 100.
    pub score_out_of_range: bool,
}

impl Claims<'_> {
    /// What contradicts what. `shows_images` looks for images in the body, and is asked only where
    /// that decides.
    pub fn contradictions(self, shows_images: impl FnOnce() -> bool) -> Vec<Contradiction> {
        let mut found = Vec::new();
        if self.claims_review() {
            found.push(Contradiction::ClaimedReviewed);
        }
        if let Some(has_images) = self.has_images {
            match (has_images, self.names_images || shows_images()) {
                (true, false) => found.push(Contradiction::ImagesMissing),
                (false, true) => found.push(Contradiction::ImagesDenied),
                _ => {}
            }
        }
        if self.score_out_of_range {
            found.push(Contradiction::ScoreOutOfRange);
        }
        found
    }

    fn claims_review(self) -> bool {
        self.needs_review == Some(true)
            && CLAIMS_OF_REVIEW.iter().any(|claim| self.status.eq_ignore_ascii_case(claim))
    }
}

/// Claims that mean "somebody has looked at this".
const CLAIMS_OF_REVIEW: [&str; 3] = ["reviewed", "approved", "published"];

impl Post {
    /// The value of the field `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The text of a text field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// The texts of a list field; items that are no text are left out here (never on screen).
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).map_or(&[][..], Value::items).iter().filter_map(Value::as_text)
    }

    /// The items of the checklist.
    pub fn checklist(&self) -> impl Iterator<Item = &str> {
        self.list("checklist")
    }

    /// The axes of the score that are numbers between 0 and 100.
    pub fn score_axes(&self) -> impl Iterator<Item = (&str, Score)> {
        let axes = self.get("score").and_then(Value::as_map).unwrap_or_default();
        axes.iter().filter_map(|(axis, value)| Some((axis.as_str(), score_in_range(value)?)))
    }

    /// The mean of the axes; a lone number stands for itself.
    pub fn score(&self) -> Option<Score> {
        if let Some(value @ (Value::Number(_) | Value::Text(_))) = self.get("score") {
            return score_in_range(value);
        }
        let (mut sum, mut count) = (0.0, 0.0);
        for (_, score) in self.score_axes() {
            sum += score;
            count += 1.0;
        }
        (count > 0.0).then(|| sum / count)
    }

    /// The lowest of the axes; a lone number stands for itself.
    pub fn lowest_score(&self) -> Option<Score> {
        let lowest = self.score_axes().map(|(_, score)| score).reduce(Score::min);
        lowest.or_else(|| self.score())
    }

    /// The flags that are a plain yes or no.
    pub fn flags(&self) -> impl Iterator<Item = (&str, bool)> {
        let flags = self.get("flags").and_then(Value::as_map).unwrap_or_default();
        flags.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_flag()?)))
    }

    /// The flag `name`, where it is a plain yes or no.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.flags().find(|(flag, _)| *flag == name).map(|(_, value)| value)
    }

    /// What the post says of its own status. Not evidence.
    pub fn claimed_status(&self) -> Option<&str> {
        self.revision("status")
    }

    /// The pictures of `image_sources`.
    pub fn images(&self) -> impl Iterator<Item = Image<'_>> {
        let sources = self.get("image_sources").map_or(&[][..], Value::items).iter();
        sources.filter(|value| !value.is_empty()).map(|value| {
            let key = |key| value.get(key).and_then(Value::as_text).unwrap_or_default();
            match value.as_text() {
                Some(url) => Image { source: "", url },
                None => Image { source: key("source"), url: key("url") },
            }
        })
    }

    /// The hosts of the pictures of `image_sources`, each once.
    pub fn hosts(&self) -> Vec<Cow<'_, str>> {
        let mut hosts = Vec::new();
        for host in self.images().flat_map(|image| [host_of(image.source), host_of(image.url)]).flatten() {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }

    /// The names of `entities`.
    pub fn entities(&self) -> impl Iterator<Item = &str> {
        let entities = self.get("entities").map_or(&[][..], Value::items).iter();
        entities.filter_map(|entity| entity.as_text().or_else(|| entity.get("name")?.as_text()))
    }

    /// What the post says under this key of its revision, where that is text.
    pub fn revision(&self, key: &str) -> Option<&str> {
        self.get("revision")?.get(key)?.as_text()
    }

    /// The blocks of the article.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        passages(&self.body, &self.title)
    }

    /// What of the post contradicts itself.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let scores = self.get("score").and_then(Value::as_map).unwrap_or_default();
        let out_of_range =
            |(_, value): &(String, Value)| value.as_number().is_some() && score_in_range(value).is_none();
        let claims = Claims {
            status: self.claimed_status().unwrap_or_default(),
            needs_review: self.flag("needs_human_review"),
            has_images: self.flag("has_images"),
            names_images: self.images().next().is_some(),
            score_out_of_range: scores.iter().any(out_of_range),
        };
        claims.contradictions(|| self.passages().iter().any(|block| matches!(block, Passage::Image { .. })))
    }

    /// The digest of what a reviewer is shown.
    pub fn digest(&self) -> Digest {
        Digest::of_post(self)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a score between 0 and 100 fits an f32 well")]
fn score_in_range(value: &Value) -> Option<Score> {
    value.as_number().filter(|score| (0.0..=100.0).contains(score)).map(|score| score as Score)
}

impl Serialize for Post {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len() + 3))?;
        self.serialize_entries(&mut map)?;
        map.end()
    }
}

impl Post {
    /// Writes the entries into a map that may hold others as well.
    pub fn serialize_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("id", self.id.as_str())?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("body", &self.body)?;
        self.fields.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(fields: &str) -> Post {
        let Value::Map(fields) = Value::parse(fields).unwrap() else { panic!("an object") };
        Post { id: PostId::new("p"), title: "t".into(), body: "b".into(), fields }
    }

    #[test]
    fn the_score_is_the_mean_of_the_axes_that_are_scores() {
        assert_eq!(post(r#"{"score":{"quality":80,"depth":"60","tone":140}}"#).score(), Some(70.0));
        assert_eq!(post(r#"{"score":41}"#).score(), Some(41.0));
        assert_eq!(post(r#"{"score":{}}"#).score(), None);
        assert_eq!(post("{}").score(), None);
    }

    #[test]
    fn contradictions_are_found() {
        let post = post(
            r#"{"revision":{"status":"Reviewed"},"flags":{"needs_human_review":true,"has_images":true},
                "score":{"quality":140},"image_sources":[]}"#,
        );
        assert_eq!(
            post.contradictions(),
            [Contradiction::ClaimedReviewed, Contradiction::ImagesMissing, Contradiction::ScoreOutOfRange]
        );
    }

    #[test]
    fn a_post_is_written_in_canonical_order() {
        let json = serde_json::to_string(&post(r#"{"z":1,"a":[true]}"#)).unwrap();
        assert_eq!(json, r#"{"id":"p","title":"t","body":"b","z":1,"a":[true]}"#);
    }
}
