//! The values of maps, and of lists of maps.

use std::borrow::Cow;

use super::values::{Fields, number_of};
use crate::corpus::columns::{NONE, SegmentBuilder, WordColumn, images};
use crate::corpus::format::scan::Scan;
use crate::model::Day;
use crate::model::host::host_of;

const REVISION: usize = number_of("revision");
const IMAGE_SOURCES: usize = number_of("image_sources");
const ENTITIES: usize = number_of("entities");

/// What a revision says, as it is written; blank where it says nothing.
pub(super) struct Revision<'a> {
    pub(super) status: &'a str,
    pub(super) version: &'a str,
    reviewed: &'a str,
}

impl Revision<'_> {
    /// When it says it was last looked at. Anything but a text is no date.
    pub(super) fn day(&self) -> Option<Day> {
        match plain(self.reviewed) {
            Some(text) => Day::parse(text),
            None if self.reviewed.starts_with('"') => {
                Day::parse(&serde_json::from_str::<String>(self.reviewed).ok()?)
            }
            None => None,
        }
    }
}

/// What stands between quotes, where it is written as it is meant.
pub(super) fn plain(raw: &str) -> Option<&str> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    memchr::memchr(b'\\', inner.as_bytes()).is_none().then_some(inner)
}

/// The text of a value, blank where it is no text; `None` where another reader must say.
fn text_of(raw: &str) -> Option<&str> {
    match raw.as_bytes().first() {
        Some(b'"') => plain(raw),
        // A number is its own text, and an object may be one that is missing something.
        Some(b'-' | b'0'..=b'9') => None,
        _ => Some(""),
    }
}

impl<'a> Fields<'a> {
    /// What a revision says, if it is a map.
    pub(super) fn revision(&self) -> Option<Revision<'a>> {
        let (_, raw) = self.raw(REVISION)?;
        let [status, version, reviewed] = if raw.starts_with('{') {
            self.entries(raw, ["status", "version", "last_reviewed"])?
        } else {
            [""; 3]
        };
        Some(Revision { status, version, reviewed })
    }

    /// The first values of these names in a map, as they are written; blank where there are none.
    /// `None` where names are not written as they are meant.
    pub(super) fn entries<const N: usize>(&self, map: &'a str, names: [&str; N]) -> Option<[&'a str; N]> {
        Self::object(&mut self.scan.over_text(map), names)
    }

    /// The same of the map that comes next.
    fn object<const N: usize>(scan: &mut Scan<'a>, names: [&str; N]) -> Option<[&'a str; N]> {
        let mut found = [None; N];
        scan.sign(b'{')?;
        if scan.peek()? == b'}' {
            scan.sign(b'}')?;
            return Some([""; N]);
        }
        loop {
            let key = scan.string()?;
            let written = scan.raw(key.inner);
            if key.escaped || !written.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
                // A name with blanks around or within it may be this name too.
                return None;
            }
            scan.sign(b':')?;
            let value = scan.value()?;
            let slot =
                names.iter().position(|name| name.as_bytes() == written).and_then(|at| found.get_mut(at));
            if let Some(slot) = slot.filter(|slot| slot.is_none()) {
                *slot = Some(scan.part(value));
            }
            if !scan.goes_on(b'}')? {
                return Some(found.map(Option::unwrap_or_default));
            }
        }
    }

    /// Visits the maps of a list, which must not be empty: what is under these names in each.
    fn objects<const N: usize>(
        &self,
        list: &'a str,
        names: [&str; N],
        mut visit: impl FnMut([&'a str; N]) -> Option<()>,
    ) -> Option<()> {
        let mut scan = self.scan.over_text(list);
        scan.sign(b'[')?;
        loop {
            if !scan.rest().starts_with(b"{\"") {
                return None;
            }
            visit(Self::object(&mut scan, names)?)?;
            if !scan.goes_on(b']')? {
                return Some(());
            }
        }
    }

    /// How many images there are, and the list of their hosts.
    pub(super) fn images(&self, segment: &mut SegmentBuilder) -> Option<(u16, u16)> {
        let (field, raw) = self.raw(IMAGE_SOURCES)?;
        if matches!(raw, "" | "[]") {
            return Some((0, segment.list(WordColumn::Hosts, [])));
        }
        let mut count = 0_u16;
        let mut hosts: Vec<Cow<'a, str>> = Vec::with_capacity(4);
        let read = self.objects(raw, ["source", "url"], |addresses| {
            for address in addresses {
                if let Some(host) = host_of(text_of(address)?).filter(|host| !hosts.contains(host)) {
                    hosts.push(host);
                }
            }
            count = count.saturating_add(1).min(NONE - 1);
            Some(())
        });
        if read.is_some() {
            return Some((count, segment.list(WordColumn::Hosts, hosts.iter().map(|host| (&**host, true)))));
        }
        let post = Self::post_of(field, raw)?;
        let hosts = post.hosts();
        Some((images(&post), segment.list(WordColumn::Hosts, hosts.iter().map(|host| (&**host, true)))))
    }

    /// The list of the names of entities.
    pub(super) fn entities(&self, segment: &mut SegmentBuilder) -> Option<u16> {
        let (field, raw) = self.raw(ENTITIES)?;
        if matches!(raw, "" | "[]") {
            return Some(segment.list(WordColumn::Entities, []));
        }
        if let Some(list) = segment.known(WordColumn::Entities, raw.as_bytes()) {
            return Some(list);
        }
        let mut names: Vec<&'a str> = Vec::with_capacity(8);
        let read = self.objects(raw, ["name"], |[name]| {
            names.push(text_of(name)?);
            Some(())
        });
        let list = if read.is_some() {
            segment.list(WordColumn::Entities, names.iter().map(|name| (*name, true)))
        } else {
            let post = Self::post_of(field, raw)?;
            segment.list(WordColumn::Entities, post.entities().map(|name| (name, true)))
        };
        segment.learn(WordColumn::Entities, raw.as_bytes(), list);
        Some(list)
    }

    /// A field that holds a text, of which most posts have one of their own.
    pub(super) fn text(&self, at: usize) -> Option<Cow<'a, str>> {
        let (field, raw) = self.raw(at)?;
        match plain(raw) {
            Some(text) => Some(text.into()),
            None if raw.is_empty() => Some("".into()),
            None => Some(Self::post_of(field, raw)?.text(field.name).unwrap_or_default().to_owned().into()),
        }
    }
}
