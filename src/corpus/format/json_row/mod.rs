//! The row of a JSON record, read without building the post.
//!
//! A corpus is opened by reading every record once, and of a record only a few fields become
//! columns. This reader passes over the rest. It is sure of what it accepts: the post reader
//! (`object.rs`) would make the same row of the record, and would find no fault with it. Of anything
//! else it says nothing, and the post reader is asked.

#[cfg(any(test, fuzzing))]
mod agree;
mod objects;
mod values;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

#[cfg(any(test, fuzzing))]
pub(crate) use self::agree::agrees;
use self::values::{Fields, number_of};
use super::draft::{Role, Target};
use super::scan::{Quoted, Scan};
use crate::corpus::Place;
use crate::corpus::columns::{CodedRow, NONE, NumberColumn, SegmentBuilder, WordColumn, hundredths};
use crate::model::Claims;
use crate::model::meta::META_FIELDS;
use crate::model::names::mixes_scripts;

/// Records with more fields are left to the post reader. Also how many names are kept in mind.
const MAX_KEYS: usize = 128;

/// A name longer than this is not kept in mind. Unit: bytes.
const MAX_KEY_BYTES: usize = 64;

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
    numbers: HashMap<Box<[u8]>, usize, RandomState>,
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

/// How far a record is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// The body: the rest was looked at when the corpus was opened.
    Body,
    End,
}

impl RowReader {
    /// Adds the row of a record to a segment; `false` when it is not sure of it.
    pub(crate) fn read(&mut self, record: &[u8], place: Place, segment: &mut SegmentBuilder) -> bool {
        self.try_read(record, place, segment).is_some()
    }

    /// Where the body of a record stands, as it is written; `None` when it is not sure.
    pub(crate) fn body_place(&mut self, record: &[u8]) -> Option<Range<usize>> {
        let mut scan = Scan::new(record)?;
        Some(self.fields(&mut scan, Until::Body)?.body)
    }

    /// The pieces of a record's body as they are meant, none longer than a block or a body; `None` when
    /// it is not sure of the record.
    pub(crate) fn body_pieces<'a>(&mut self, record: &'a [u8]) -> Option<Vec<Cow<'a, str>>> {
        let mut scan = Scan::new(record)?;
        let body = self.fields(&mut scan, Until::Body)?.body;
        let mut pieces = Vec::new();
        let decoded = |scan: &Scan<'a>, text: Quoted| -> Option<Cow<'a, str>> {
            if !text.escaped {
                return Some(Cow::Borrowed(scan.part(text.inner)));
            }
            let quoted = scan.part(text.inner.start.checked_sub(1)?..text.inner.end + 1);
            Some(Cow::Owned(serde_json::from_str(quoted).ok()?))
        };
        let mut scan = scan.over(body.clone());
        match scan.raw(body).first() {
            None => {}
            Some(b'"') => {
                let text = scan.string()?;
                pieces.push(decoded(&scan, text)?);
            }
            Some(b'[') => {
                scan.sign(b'[')?;
                while scan.peek()? != b']' {
                    let text = scan.string()?;
                    pieces.push(decoded(&scan, text)?);
                    if !scan.goes_on(b']')? {
                        break;
                    }
                }
            }
            Some(_) => return None,
        }
        Some(pieces)
    }

    fn try_read(&mut self, record: &[u8], place: Place, segment: &mut SegmentBuilder) -> Option<()> {
        let mut scan = Scan::new(record)?;
        let found = self.fields(&mut scan, Until::End)?;
        let fields = Fields { scan: &scan, found: &found };
        let id = fields.id()?;
        let title = fields.title()?;
        fields.check_body()?;
        let revision = fields.revision()?;
        let topic = fields.text(const { number_of("topic") })?;
        let reference = fields.text(const { number_of("reference") })?;
        let (images, hosts) = fields.images(segment)?;
        let claimed = Fields::word(WordColumn::Claimed, revision.status, segment)?;
        let flags = fields.list(WordColumn::Flags, const { number_of("flags") }, segment)?;
        let lists = [
            fields.list(WordColumn::Stack, const { number_of("stack") }, segment)?,
            fields.list(WordColumn::Tools, const { number_of("tools") }, segment)?,
            fields.list(WordColumn::Language, const { number_of("code_language") }, segment)?,
            fields.list(WordColumn::Difficulty, const { number_of("difficulty") }, segment)?,
            claimed,
            flags,
            segment.list(WordColumn::Topic, [(&*topic, true)]),
            fields.entities(segment)?,
            hosts,
            Fields::word(WordColumn::Version, revision.version, segment)?,
        ];
        let score = fields.score()?;
        let says = |name: &str| {
            segment.words(WordColumn::Flags, flags).find(|(flag, _)| *flag == name).map(|(_, value)| value)
        };
        let claims = Claims {
            status: segment.words(WordColumn::Claimed, claimed).next().map_or("", |(word, _)| word),
            needs_review: says("needs_human_review"),
            has_images: says("has_images"),
            names_images: images > 0,
            score_out_of_range: score.out_of_range,
        };
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
            fields.count(const { number_of("reading_time") })?.0.unwrap_or(NONE),
            images,
            fields.paragraphs()?.0.unwrap_or(NONE),
            hundredths(score.lowest),
            revision.day().map_or(NONE, |day| day.0),
        ];
        let views = fields.count(const { number_of("view_count") })?.0;
        if !scan.is_surely_plain() {
            return None;
        }
        let suspicious = mixes_scripts(&id);
        let escaped = scan.has_unicode_escapes() || found.title.as_ref().is_some_and(|title| title.escaped);
        segment.push_coded(
            place,
            &CodedRow {
                id: &id,
                reference: &reference,
                title: &title,
                lists,
                numbers,
                views,
                contradiction,
                suspicious,
                doubtful: false,
                escaped,
            },
        );
        Some(())
    }

    /// The places of the values that matter; every name at most once.
    fn fields(&mut self, scan: &mut Scan<'_>, until: Until) -> Option<Found> {
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
            let number = self.number(scan.raw(key.inner), count)?;
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
                            if until == Until::Body {
                                return Some(found);
                            }
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
    fn number(&mut self, name: &[u8], place: usize) -> Option<usize> {
        if let Some(number) = self.order.get(place)
            && self.names.get(*number).is_some_and(|(known, _)| known.as_bytes() == name)
        {
            return Some(*number);
        }
        let known = self.numbers.get(name).copied();
        let number = known.or_else(|| {
            if name.len() > MAX_KEY_BYTES || self.names.len() >= MAX_KEYS {
                return None;
            }
            let text = std::str::from_utf8(name).ok()?;
            self.names.push((text.into(), meaning(text)));
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

/// Row numbers are in the order of their columns.
const _: () = assert!(NumberColumn::Score as usize == 0 && NumberColumn::Revised as usize == 9);

#[cfg(test)]
mod tests;
