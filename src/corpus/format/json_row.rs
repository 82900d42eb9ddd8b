//! The row of a JSON record, read without building the post.
//!
//! A corpus is opened by reading every record once, and of a record only a few fields become
//! columns. This reader passes over the rest. It is sure of what it accepts: the post reader
//! (`object.rs`) would make the same row of the record, and would find no fault with it. Of anything
//! else it says nothing, and the post reader is asked.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::draft::{Role, Target};
use super::scan::{Quoted, Scan};
use super::{identity, text};
use crate::corpus::Place;
use crate::corpus::columns::{
    CodedRow, NONE, NumberColumn, SegmentBuilder, WordColumn, axis, count, hundredths, images,
};
use crate::model::meta::{META_FIELDS, MetaField};
use crate::model::{Claims, Post, PostId, Value};

/// Records with more fields are left to the post reader. Also how many names are kept in mind.
const MAX_KEYS: usize = 128;

/// A name longer than this is not kept in mind. Unit: bytes.
const MAX_KEY_BYTES: usize = 64;

/// What images in a body are known by; letter case does not matter.
const IMAGE_SOURCE: &[u8] = b"image source:";

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Id,
    Title,
    Body,
    /// The field with this number in the label table.
    Meta(usize),
    /// A field that copydesk does not know.
    Other,
    /// A name that counts only if another is missing.
    Unsure,
}

/// What the records before have taught: names come again, in the same order.
#[derive(Debug, Default)]
pub(crate) struct RowReader {
    names: Vec<(Box<str>, Meaning)>,
    numbers: HashMap<Box<str>, usize, RandomState>,
    /// The numbers of the names of the record before.
    order: Vec<usize>,
}

/// The values of a record that a row is made of.
#[derive(Debug, Default)]
struct Found {
    id: Range<usize>,
    title: Option<Quoted>,
    body: Range<usize>,
    /// By the number of the field in the label table.
    meta: [Range<usize>; META_FIELDS.len()],
}

impl RowReader {
    /// Adds the row of a record to a segment; `false` when it is not sure of it.
    pub(crate) fn read(&mut self, record: &[u8], place: Place, segment: &mut SegmentBuilder) -> bool {
        self.try_read(record, place, segment).is_some()
    }

    fn try_read(&mut self, record: &[u8], place: Place, segment: &mut SegmentBuilder) -> Option<()> {
        let mut scan = Scan::new(record)?;
        let found = self.fields(&mut scan)?;
        let fields = Fields { scan: &scan, found: &found };
        let id = fields.id()?;
        let title = fields.title()?;
        fields.check_body()?;
        let lists = [
            fields.list(WordColumn::Stack, segment)?,
            fields.list(WordColumn::Tools, segment)?,
            fields.list(WordColumn::Language, segment)?,
            fields.list(WordColumn::Difficulty, segment)?,
            fields.list(WordColumn::Claimed, segment)?,
            fields.list(WordColumn::Flags, segment)?,
        ];
        let score = fields.score()?;
        let images = fields.images()?;
        let [.., claimed, flags] = lists;
        let claims = Claims {
            status: "",
            needs_review: segment.says(flags, "needs_human_review"),
            has_images: segment.says(flags, "has_images"),
            names_images: images > 0,
            score_out_of_range: score.out_of_range,
        };
        let claims = Claims { status: segment.first_word(claimed), ..claims };
        let mut unsure = false;
        let contradictions = claims.contradictions(|| {
            unsure = fields.may_show_images();
            false
        });
        if unsure {
            return None;
        }
        let contradiction = !contradictions.is_empty();
        let [quality, freshness, depth, clarity] = score.axes.map(hundredths);
        let numbers = [
            hundredths(score.mean),
            quality,
            freshness,
            depth,
            clarity,
            fields.count("reading_time")?.unwrap_or(NONE),
            images,
            fields.paragraphs()?.unwrap_or(NONE),
        ];
        let views = fields.count("view_count")?;
        segment.push_coded(place, &CodedRow { id: &id, title: &title, lists, numbers, views, contradiction });
        Some(())
    }

    /// The places of the values that matter; every name at most once.
    fn fields(&mut self, scan: &mut Scan<'_>) -> Option<Found> {
        let mut found = Found::default();
        let mut seen = 0_u128;
        let mut seen_meta = 0_u64;
        let mut count = 0;
        scan.sign(b'{')?;
        if scan.peek()? == b'}' {
            return None;
        }
        loop {
            let key = scan.string()?;
            if key.escaped {
                return None;
            }
            let number = self.number(scan.part(key.inner), count)?;
            count += 1;
            let bit = 1_u128.checked_shl(u32::try_from(number).ok()?)?;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            scan.sign(b':')?;
            let meaning = self.names.get(number)?.1;
            let is_text = scan.peek()? == b'"';
            match meaning {
                Meaning::Title if is_text => {
                    let title = scan.string()?;
                    once(&mut seen_meta, META_FIELDS.len())?;
                    found.title = Some(title);
                }
                Meaning::Title | Meaning::Unsure => return None,
                _ => {
                    let value = scan.value()?;
                    match meaning {
                        Meaning::Id => {
                            once(&mut seen_meta, META_FIELDS.len() + 1)?;
                            found.id = value;
                        }
                        Meaning::Body => {
                            once(&mut seen_meta, META_FIELDS.len() + 2)?;
                            found.body = value;
                        }
                        Meaning::Meta(field) => {
                            once(&mut seen_meta, field)?;
                            *found.meta.get_mut(field)? = value;
                        }
                        _ => {}
                    }
                }
            }
            if !scan.goes_on(b'}')? {
                break;
            }
        }
        scan.blanks();
        scan.peek().is_none().then_some(found)
    }

    /// The number of a name; the record before tells which to expect at this place.
    fn number(&mut self, name: &str, place: usize) -> Option<usize> {
        if let Some(number) = self.order.get(place)
            && self.names.get(*number).is_some_and(|(known, _)| known.as_ref() == name)
        {
            return Some(*number);
        }
        let known = self.numbers.get(name).copied();
        let number = known.or_else(|| {
            if name.len() > MAX_KEY_BYTES || self.names.len() >= MAX_KEYS {
                return None;
            }
            self.names.push((name.into(), meaning(name)));
            self.numbers.insert(name.into(), self.names.len() - 1);
            Some(self.names.len() - 1)
        })?;
        match self.order.get_mut(place) {
            Some(expected) => *expected = number,
            None => self.order.push(number),
        }
        Some(number)
    }
}

fn meaning(name: &str) -> Meaning {
    match Role::of(name) {
        Role::Named(Target::Id) => Meaning::Id,
        Role::Named(Target::Title) => Meaning::Title,
        Role::Named(Target::Body) => Meaning::Body,
        Role::Named(Target::Meta(field)) => Meaning::Meta(field),
        Role::Other => Meaning::Other,
        Role::Alias(..) => Meaning::Unsure,
    }
}

/// Two spellings of one name are the same name.
fn once(seen: &mut u64, bit: usize) -> Option<()> {
    let bit = 1_u64.checked_shl(u32::try_from(bit).ok()?)?;
    let is_new = *seen & bit == 0;
    *seen |= bit;
    is_new.then_some(())
}

/// What a score says.
#[derive(Debug, Default)]
struct Score {
    mean: Option<f32>,
    axes: [Option<f32>; 4],
    out_of_range: bool,
}

/// The values of one record, read as columns.
struct Fields<'a> {
    scan: &'a Scan<'a>,
    found: &'a Found,
}

impl<'a> Fields<'a> {
    /// The bytes of a value; blank where there is none.
    fn raw(&self, name: &str) -> Option<(&'static MetaField, &'a str)> {
        let at = META_FIELDS.iter().position(|field| field.name == name)?;
        let raw = self.scan.part(self.found.meta.get(at)?.clone());
        let is_null = raw == "null";
        Some((META_FIELDS.get(at)?, if is_null { "" } else { raw }))
    }

    /// A post that has nothing but one field: what the post reader makes of its value.
    fn post_of(field: &MetaField, raw: &str) -> Option<Post> {
        let value = field.shape.normalise(Value::parse(raw).ok()?);
        let fields = vec![(field.name.to_owned(), value)];
        Some(Post { id: PostId::new(""), title: String::new(), body: String::new(), fields })
    }

    fn id(&self) -> Option<std::borrow::Cow<'a, str>> {
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

    fn title(&self) -> Option<std::borrow::Cow<'a, str>> {
        let Some(title) = &self.found.title else { return Some("".into()) };
        if !title.escaped {
            return Some(text::title(self.scan.part(title.inner.clone())));
        }
        let quoted = self.scan.part(title.inner.start.checked_sub(1)?..title.inner.end + 1);
        let decoded: String = serde_json::from_str(quoted).ok()?;
        Some(text::title(&decoded).into_owned().into())
    }

    /// A body is text, or a list of texts, or not there.
    fn check_body(&self) -> Option<()> {
        let raw = self.scan.part(self.found.body.clone());
        match raw.as_bytes().first() {
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
    fn may_show_images(&self) -> bool {
        let raw = self.scan.part(self.found.body.clone()).as_bytes();
        let is_caption = |colon: usize| {
            let start = (colon + 1).checked_sub(IMAGE_SOURCE.len());
            let before = start.and_then(|start| raw.get(start..=colon));
            before.is_some_and(|before| before.eq_ignore_ascii_case(IMAGE_SOURCE))
        };
        memchr::memchr_iter(b':', raw).any(is_caption) || memchr::memmem::find(raw, b"\\u").is_some()
    }

    fn list(&self, column: WordColumn, segment: &mut SegmentBuilder) -> Option<u16> {
        let name = match column {
            WordColumn::Stack => "stack",
            WordColumn::Tools => "tools",
            WordColumn::Language => "code_language",
            WordColumn::Difficulty => "difficulty",
            WordColumn::Claimed => "revision",
            WordColumn::Flags => "flags",
        };
        let (field, mut raw) = self.raw(name)?;
        if column == WordColumn::Claimed {
            // A revision is hardly ever the same twice; the status in it is.
            raw = self.status_of(raw)?;
        }
        if raw.is_empty() {
            return Some(segment.list([]));
        }
        if let Some(list) = segment.known(column, raw.as_bytes()) {
            return Some(list);
        }
        let list = if column == WordColumn::Claimed {
            segment.list([(serde_json::from_str::<String>(raw).ok()?.as_str(), true)])
        } else {
            let post = Self::post_of(field, raw)?;
            match column {
                WordColumn::Stack | WordColumn::Tools => {
                    segment.list(post.list(name).map(|word| (word, true)))
                }
                WordColumn::Flags => segment.list(post.flags()),
                _ => segment.list(post.text(name).map(|word| (word, true))),
            }
        };
        segment.learn(column, raw.as_bytes(), list);
        Some(list)
    }

    /// The status in a revision, with its quotes; blank where there is none.
    fn status_of(&self, revision: &'a str) -> Option<&'a str> {
        if !revision.starts_with('{') {
            return Some("");
        }
        let status = self.entry(revision, "status")?;
        match status.as_bytes().first() {
            Some(b'"') => Some(status),
            // A number is its own text.
            Some(b'-' | b'0'..=b'9') => None,
            _ => Some(""),
        }
    }

    /// The paragraphs that a payload claims.
    fn paragraphs(&self) -> Option<Option<u16>> {
        let (_, payload) = self.raw("payload")?;
        if !payload.starts_with('{') {
            return Some(None);
        }
        let raw = self.entry(payload, "paragraphs")?;
        // Whatever is no plain number, a text among them, is left to the post reader.
        let is_plain = raw.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| raw.parse().ok())
    }

    /// The first value of this name in a map, as it was written; blank where there is none. `None`
    /// where names are not written as they are meant.
    fn entry(&self, map: &'a str, name: &str) -> Option<&'a str> {
        let mut scan = self.scan.over_text(map);
        scan.sign(b'{')?;
        if scan.peek()? == b'}' {
            return Some("");
        }
        let mut entry = None;
        loop {
            let key = scan.string()?;
            let written = scan.part(key.inner);
            if key.escaped || !written.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                // A name with blanks around or within it may be this name too.
                return None;
            }
            scan.sign(b':')?;
            let value = scan.value()?;
            if written == name && entry.is_none() {
                entry = Some(scan.part(value));
            }
            if !scan.goes_on(b'}')? {
                return Some(entry.unwrap_or(""));
            }
        }
    }

    fn count<T: std::str::FromStr>(&self, name: &str) -> Option<Option<T>> {
        let (field, raw) = self.raw(name)?;
        if raw.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(raw.parse().ok());
        }
        Some(count(Self::post_of(field, raw)?.get(name)))
    }

    fn images(&self) -> Option<u16> {
        let (field, raw) = self.raw("image_sources")?;
        match raw {
            "" | "[]" => return Some(0),
            _ => {}
        }
        if let Some(count) = self.objects(raw) {
            return Some(count);
        }
        Some(images(&Self::post_of(field, raw)?))
    }

    /// How many objects a list holds; `None` if it holds anything else, or an empty object.
    fn objects(&self, list: &'a str) -> Option<u16> {
        let mut scan = self.scan.over_text(list);
        scan.sign(b'[')?;
        let mut count = 0_u16;
        loop {
            if scan.peek()? != b'{' {
                return None;
            }
            let value = scan.value()?;
            if value.len() == 2 || scan.part(value).bytes().nth(1) != Some(b'"') {
                return None;
            }
            count = count.saturating_add(1).min(NONE - 1);
            if !scan.goes_on(b']')? {
                return Some(count);
            }
        }
    }

    fn score(&self) -> Option<Score> {
        let (field, raw) = self.raw("score")?;
        if raw.is_empty() {
            return Some(Score::default());
        }
        if let Some(score) = self.plain_score(raw) {
            return Some(score);
        }
        let post = Self::post_of(field, raw)?;
        let mut score = Score { mean: post.score(), ..Score::default() };
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
        let (mut sum, mut count) = (0.0_f32, 0.0_f32);
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
            if let Some(slot) = axis(name).and_then(|at| score.axes.get_mut(at)) {
                *slot = Some(number);
            }
            if !scan.goes_on(b'}')? {
                score.mean = Some(sum / count);
                return Some(score);
            }
        }
    }
}

/// Row numbers are in the order of their columns.
const _: () = assert!(NumberColumn::Score as usize == 0 && NumberColumn::Paragraphs as usize == 7);

#[cfg(test)]
mod tests;
