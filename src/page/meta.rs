//! The meta box as a page: every field of the post that is not empty.

use super::{Page, PageLine, Piece, Role, bar, fit};
use crate::model::meta::META_FIELDS;
use crate::model::post::Contradiction;
use crate::model::text::width as width_of;
use crate::model::{Post, Value, safe};

/// What a reviewer judges by stands first; the rest follows as the post has it.
const FIRST: [&str; 4] = ["topic", "score", "flags", "revision"];

/// The column of the labels is at most this wide.
const LABEL_WIDTH: usize = 15;

/// A field shows at most this many entries, and a post this many fields, unless the meta box has the
/// screen for itself.
const FOLDED_ENTRIES: usize = 100;

/// Nobody pages further than this. The command line prints everything.
const WHOLE_ENTRIES: usize = 10_000;

/// A value that is longer is wrapped rather than its key moved. Unit: columns.
const LEAST_VALUE: usize = 14;

/// Cells of a bar that stands for a score, where there is room.
const BAR_CELLS: u32 = 10;

/// Sets the meta box of a post in lines of `width` columns. `whole`: long fields are not folded.
pub fn set(post: &Post, width: u16, whole: bool) -> Page {
    let label_width = LABEL_WIDTH.min(usize::from(width) / 3);
    let limit = if whole { WHOLE_ENTRIES } else { FOLDED_ENTRIES };
    let contradictions = post.contradictions();
    let mut meta_box =
        MetaBox { page: Page::new(width), label_width, limit, contradictions: &contradictions };
    for name in FIRST {
        if let Some(value) = post.get(name) {
            meta_box.field(name, value);
        }
    }
    // What the checklist pane shows is not shown twice; it shows texts.
    let in_checklist = |name: &str, value: &Value| {
        name == "checklist" && value.items().iter().all(|item| item.as_text().is_some())
    };
    let mut rest = post
        .fields
        .iter()
        .filter(|(name, value)| !FIRST.contains(&name.as_str()) && !in_checklist(name, value));
    for (name, value) in rest.by_ref().take(limit) {
        meta_box.field(name, value);
    }
    meta_box.more(rest.count());
    meta_box.page.wrap(
        PageLine::default().own(Role::Label, format!("{} ", fit("id", label_width))),
        Role::Quiet,
        post.id.as_str(),
    );
    meta_box.page
}

struct MetaBox<'a> {
    page: Page,
    label_width: usize,
    limit: usize,
    contradictions: &'a [Contradiction],
}

/// A key as it is read.
fn named(key: &str) -> String {
    key.replace('_', " ")
}

impl MetaBox<'_> {
    fn field(&mut self, name: &str, value: &Value) {
        if value.is_empty() {
            return;
        }
        let known = META_FIELDS.iter().find(|field| field.name == name);
        let label = known.map_or_else(|| name.replace('_', " "), |field| field.label.to_owned());
        let mut opening = self.label(&label);
        let entries = match value {
            Value::List(items) => items.len(),
            Value::Map(entries) => entries.len(),
            scalar => {
                self.page.wrap(opening, Role::Text, &scalar.to_string());
                return;
            }
        };
        match value {
            Value::List(items) => {
                for item in items.iter().take(self.limit) {
                    let start = std::mem::replace(&mut opening, self.blank());
                    self.item(start, item);
                }
            }
            Value::Map(map) => {
                let key_width = self.key_width(map);
                for (key, value) in map.iter().take(self.limit) {
                    let start = std::mem::replace(&mut opening, self.blank());
                    self.entry(start, name, (key, key_width), value);
                }
            }
            _ => {}
        }
        self.more(entries.saturating_sub(self.limit));
    }

    /// Says how many entries or fields were left out.
    fn more(&mut self, count: usize) {
        if count > 0 {
            let where_ =
                if self.limit == WHOLE_ENTRIES { "copydesk show prints" } else { "the whole box shows" };
            self.page.push(self.blank().own(Role::Quiet, format!("… {count} more, {where_} them")));
        }
    }

    fn label(&self, label: &str) -> PageLine {
        let mut line = PageLine::default();
        let shown = safe(label);
        line.pieces.push(Piece { text: fit(shown.as_str(), self.label_width), role: Role::Label });
        line.own(Role::Text, " ")
    }

    fn blank(&self) -> PageLine {
        PageLine::default().own(Role::Text, " ".repeat(self.label_width + 1))
    }

    /// One item of a list: a bullet and its text, or the rows of a map under one bullet.
    fn item(&mut self, opening: PageLine, item: &Value) {
        let mut opening = opening.own(Role::Bullet, "• ");
        match item {
            Value::Map(entries) => {
                for (key, value) in entries {
                    let start = std::mem::replace(&mut opening, self.blank().own(Role::Text, "  "));
                    let start = start.foreign(Role::Quiet, &named(key)).own(Role::Text, "  ");
                    self.page.wrap(start, Role::Text, &value.to_string());
                }
            }
            scalar => self.page.wrap(opening, Role::Text, &scalar.to_string()),
        }
    }

    /// Keys so wide set their values under one another; 0 where that would leave these too little room.
    fn key_width(&self, map: &[(String, Value)]) -> usize {
        let shown = map.iter().take(self.limit);
        let widest = shown.clone().map(|(key, _)| width_of(safe(&named(key)).as_str())).max();
        let value = |value: &Value| match value {
            Value::Bool(_) => "yes".len(),
            value => value.to_string().chars().take(LEAST_VALUE).count(),
        };
        let needed =
            widest.unwrap_or_default() + 2 + shown.map(|(_, it)| value(it)).max().unwrap_or_default();
        widest
            .filter(|_| needed <= self.page.width().saturating_sub(self.label_width + 1))
            .unwrap_or_default()
    }

    fn entry(&mut self, opening: PageLine, field: &str, (key, key_width): (&str, usize), value: &Value) {
        let pad = key_width.saturating_sub(width_of(safe(&named(key)).as_str()));
        let pad = if field == "score" && value.as_number().is_some() { 0 } else { pad };
        let line = opening.foreign(Role::Quiet, &named(key)).own(Role::Text, " ".repeat(pad + 2));
        let line = match (field, value) {
            ("score", value) if value.as_number().is_some() => return self.score(line, key, value),
            ("flags", Value::Bool(flag)) => line.own(Role::Text, if *flag { "yes" } else { "no" }),
            (_, value) => {
                self.page.wrap(line, Role::Text, &value.to_string());
                return;
            }
        };
        let doubt = self.contradictions.iter().find(|doubt| doubt.place() == (field, Some(key)));
        match doubt {
            Some(doubt) => {
                let sentence = format!("⚠ {}", doubt.describe());
                self.page.wrap(line.own(Role::Text, " "), Role::Warning, &sentence);
            }
            None => self.page.push(line),
        }
    }

    fn score(&mut self, opening: PageLine, key: &str, value: &Value) {
        // The bars of the usual axes stand under one another.
        let pad = " ".repeat("freshness".len().saturating_sub(key.len()));
        let number = value.as_number().unwrap_or_default();
        let line = opening.own(Role::Text, pad);
        if !(0.0..=100.0).contains(&number) {
            let line =
                line.foreign(Role::Bad, &value.to_string()).own(Role::Warning, " ⚠ not between 0 and 100");
            return self.page.push(line);
        }
        let line = line.foreign(Role::Text, &format!("{:>3} ", value.to_string()));
        let room = self.page.width().saturating_sub(line.width());
        let (filled, rest) = bar(number / 100.0, u32::try_from(room).unwrap_or(0).min(BAR_CELLS));
        self.page.push(line.own(Role::Bar, filled).own(Role::BarRest, rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PostId;

    fn lines(fields: &str, width: u16) -> Vec<String> {
        let Value::Map(fields) = Value::parse(fields).unwrap() else { panic!("an object") };
        let post = Post { id: PostId::new("p-1"), title: "t".into(), body: "b".into(), fields };
        set(&post, width, false).lines.iter().map(|line| line.text().trim_end().to_owned()).collect()
    }

    #[test]
    fn every_shape_has_its_rows() {
        let json = r#"{"code_language":"go","stack":["a","b"],"flags":{"needs_human_review":true,"image_heavy":false},
            "revision":{"status":"reviewed"},"score":{"quality":83,"depth":140},"entities":[{"name":"n","type":"t"}],
            "empty":"","odd_one":{"x":[1]},"checklist":["c"]}"#;
        assert_eq!(
            lines(json, 70),
            [
                "score           quality     83 ████████▎",
                "                depth      140 ⚠ not between 0 and 100",
                "flags           needs human review  yes ⚠ asks for a human review but",
                "                                        claims to be reviewed",
                "                image heavy         no",
                "revision        status  reviewed",
                "code language   go",
                "stack           • a",
                "                • b",
                "entities        • name  n",
                "                  type  t",
                "odd one         x  [1]",
                "id              p-1",
            ]
        );
    }

    #[test]
    fn ten_thousand_entries_fold() {
        let tools: Vec<String> = (0..10_000).map(|n| format!("\"t{n}\"")).collect();
        let shown = lines(&format!(r#"{{"tools":[{}]}}"#, tools.join(",")), 60);
        assert_eq!(shown.len(), FOLDED_ENTRIES + 2);
        assert!(shown[FOLDED_ENTRIES].contains("9900 more"), "{}", shown[FOLDED_ENTRIES]);
    }
}
