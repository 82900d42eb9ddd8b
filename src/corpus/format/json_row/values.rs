//! The values of one record, read as columns.

use std::borrow::Cow;

use super::Found;
use crate::corpus::columns::{SegmentBuilder, WordColumn, axis, count};
use crate::corpus::format::scan::Scan;
use crate::corpus::format::{identity, text};
use crate::model::meta::{META_FIELDS, MetaField};
use crate::model::{Post, PostId, Value};

/// What images in a body are known by; letter case does not matter.
const IMAGE_SOURCE: &[u8] = b"image source:";

/// The number of a field in the label table.
#[allow(clippy::indexing_slicing)] // There is no other way while compiling, and a wrong place is an error then.
pub(super) const fn number_of(name: &str) -> usize {
    let mut at = 0;
    while !is_same(META_FIELDS[at].name.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    at
}

#[allow(clippy::indexing_slicing)] // As above.
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

const PAYLOAD: usize = number_of("payload");
const SCORE: usize = number_of("score");

/// A count, if the record has one.
#[derive(Debug)]
pub(super) struct Count<T>(pub(super) Option<T>);

/// What a score says.
#[derive(Debug, Default)]
pub(super) struct Score {
    pub(super) mean: Option<f32>,
    pub(super) lowest: Option<f32>,
    pub(super) axes: [Option<f32>; 4],
    pub(super) out_of_range: bool,
}

/// The values of one record, read as columns.
pub(super) struct Fields<'a> {
    pub(super) scan: &'a Scan<'a>,
    pub(super) found: &'a Found,
}

impl<'a> Fields<'a> {
    /// The bytes of a value; blank where there is none.
    pub(super) fn raw(&self, at: usize) -> Option<(&'static MetaField, &'a str)> {
        let raw = self.scan.part(self.found.meta.get(at)?.clone());
        let is_null = raw == "null";
        Some((META_FIELDS.get(at)?, if is_null { "" } else { raw }))
    }

    /// A post that has nothing but one field: what the post reader makes of its value.
    pub(super) fn post_of(field: &MetaField, raw: &str) -> Option<Post> {
        let value = field.shape.normalise(Value::parse(raw).ok()?);
        let fields = vec![(field.name.to_owned(), value)];
        Some(Post { id: PostId::new(""), title: String::new(), body: String::new(), fields })
    }

    pub(super) fn id(&self) -> Option<Cow<'a, str>> {
        let raw = self.scan.part(self.found.id.clone());
        let plain = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw);
        let is_plain_text = plain.len() + 2 == raw.len() && !plain.contains('\\');
        if is_plain_text && plain.len() <= PostId::MAX_BYTES && !plain.trim().is_empty() {
            return Some(plain.into());
        }
        match identity::given(&Value::parse(raw).ok()?) {
            identity::Given::Usable(id) => Some(id.as_str().to_owned().into()),
            _ => None,
        }
    }

    pub(super) fn title(&self) -> Option<Cow<'a, str>> {
        let Some(title) = &self.found.title else { return Some("".into()) };
        if !title.escaped {
            return Some(text::title(self.scan.part(title.inner.clone())));
        }
        let quoted = self.scan.part(title.inner.start.checked_sub(1)?..title.inner.end + 1);
        let decoded: String = serde_json::from_str(quoted).ok()?;
        Some(text::title(&decoded).into_owned().into())
    }

    /// A body is text, or a list of texts, or not there.
    pub(super) fn check_body(&self) -> Option<()> {
        match self.scan.raw(self.found.body.clone()).first() {
            None | Some(b'"') => Some(()),
            Some(b'[') => {
                // Known to be JSON by now, so brackets outside of strings would be another list.
                let mut scan = self.scan.over(self.found.body.clone());
                scan.sign(b'[')?;
                if scan.peek()? == b']' {
                    return Some(());
                }
                loop {
                    scan.string()?;
                    if !scan.goes_on(b']')? {
                        return Some(());
                    }
                }
            }
            Some(_) => None,
        }
    }

    /// Whether the body may hold an image. A letter written as an escape may be any letter.
    pub(super) fn may_show_images(&self) -> bool {
        let raw = self.scan.raw(self.found.body.clone());
        let is_caption = |colon: usize| {
            let start = (colon + 1).checked_sub(IMAGE_SOURCE.len());
            let before = start.and_then(|start| raw.get(start..=colon));
            before.is_some_and(|before| before.eq_ignore_ascii_case(IMAGE_SOURCE))
        };
        memchr::memchr_iter(b':', raw).any(is_caption) || memchr::memmem::find(raw, b"\\u").is_some()
    }

    /// A word of the revision; anything but a text is none. A revision is hardly ever the same twice;
    /// what is in it is.
    pub(super) fn word(column: WordColumn, raw: &str, segment: &mut SegmentBuilder) -> Option<u16> {
        match raw.as_bytes().first() {
            Some(b'"') => {}
            // A number is its own text.
            Some(b'-' | b'0'..=b'9') => return Some(segment.list(column, [(raw, true)])),
            _ => return Some(segment.list(column, [])),
        }
        if let Some(list) = segment.known(column, raw.as_bytes()) {
            return Some(list);
        }
        let word: String = serde_json::from_str(raw).ok()?;
        let list = segment.list(column, [(word.as_str(), true)]);
        segment.learn(column, raw.as_bytes(), list);
        Some(list)
    }

    pub(super) fn list(&self, column: WordColumn, at: usize, segment: &mut SegmentBuilder) -> Option<u16> {
        let (field, raw) = self.raw(at)?;
        let name = field.name;
        if raw.is_empty() {
            return Some(segment.list(column, []));
        }
        if let Some(list) = segment.known(column, raw.as_bytes()) {
            return Some(list);
        }
        let words =
            if matches!(column, WordColumn::Stack | WordColumn::Tools) { self.plain_list(raw) } else { None };
        let list = if let Some(words) = words {
            segment.list(column, words.iter().map(|word| (*word, true)))
        } else {
            let post = Self::post_of(field, raw)?;
            match column {
                WordColumn::Stack | WordColumn::Tools => {
                    segment.list(column, post.list(name).map(|word| (word, true)))
                }
                WordColumn::Flags => segment.list(column, post.flags()),
                _ => segment.list(column, post.text(name).map(|word| (word, true))),
            }
        };
        segment.learn(column, raw.as_bytes(), list);
        Some(list)
    }

    /// The items of a list, where all are texts that are written as they are meant.
    fn plain_list(&self, list: &'a str) -> Option<Vec<&'a str>> {
        let mut scan = self.scan.over_text(list);
        scan.sign(b'[')?;
        let mut items = Vec::with_capacity(8);
        loop {
            let item = scan.string().filter(|item| !item.escaped)?;
            items.push(scan.part(item.inner));
            if !scan.goes_on(b']')? {
                return Some(items);
            }
        }
    }

    /// The paragraphs that a payload claims.
    pub(super) fn paragraphs(&self) -> Option<Count<u16>> {
        let (_, payload) = self.raw(PAYLOAD)?;
        if !payload.starts_with('{') {
            return Some(Count(None));
        }
        let [raw] = self.entries(payload, ["paragraphs"])?;
        // Whatever is no plain number, a text among them, is left to the post reader.
        let is_plain = raw.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| Count(raw.parse().ok()))
    }

    pub(super) fn count<T: std::str::FromStr>(&self, at: usize) -> Option<Count<T>> {
        let (field, raw) = self.raw(at)?;
        if raw.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Count(raw.parse().ok()));
        }
        Some(Count(count(Self::post_of(field, raw)?.get(field.name))))
    }

    pub(super) fn score(&self) -> Option<Score> {
        let (field, raw) = self.raw(SCORE)?;
        if raw.is_empty() {
            return Some(Score::default());
        }
        if let Some(score) = self.plain_score(raw) {
            return Some(score);
        }
        let post = Self::post_of(field, raw)?;
        let mut score = Score { mean: post.score(), lowest: post.lowest_score(), ..Score::default() };
        for (name, value) in post.score_axes() {
            if let Some(slot) = axis(name).and_then(|at| score.axes.get_mut(at)) {
                *slot = Some(value);
            }
        }
        score.out_of_range = !post.contradictions().is_empty();
        Some(score)
    }

    /// A map of names and whole numbers from 0 to 100, which nearly every score is.
    fn plain_score(&self, map: &'a str) -> Option<Score> {
        let mut scan = self.scan.over_text(map);
        scan.sign(b'{')?;
        let mut score = Score::default();
        let (mut sum, mut count, mut lowest) = (0.0_f32, 0.0_f32, f32::MAX);
        loop {
            let key = scan.string()?;
            let name = scan.part(key.inner);
            scan.sign(b':')?;
            let raw = scan.value()?;
            let raw = scan.part(raw);
            if key.escaped || raw.len() > 3 || !raw.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let number: u8 = raw.parse().ok()?;
            if number > 100 {
                return None;
            }
            let number = f32::from(number);
            sum += number;
            count += 1.0;
            lowest = lowest.min(number);
            if let Some(slot) = axis(name).and_then(|at| score.axes.get_mut(at)) {
                *slot = Some(number);
            }
            if !scan.goes_on(b'}')? {
                (score.mean, score.lowest) = (Some(sum / count), Some(lowest));
                return Some(score);
            }
        }
    }
}
