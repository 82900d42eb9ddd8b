//! Tells a label from the value that is glued to it. Only a table of labels can do that.

use std::sync::LazyLock;

use crate::model::meta::{META_FIELDS, Shape};

/// The labels of the fields that copydesk knows.
pub(super) static LABELS: LazyLock<Labels> =
    LazyLock::new(|| Labels::new(META_FIELDS.iter().map(|field| (field.label, field.shape))));

/// A table of labels, ready to be looked for.
pub(super) struct Labels {
    /// Label, number in the table, shape; longest first.
    labels: Vec<(&'static str, usize, Shape)>,
}

/// What a line is by its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Labelled<'a> {
    /// The label of this field and nothing behind it.
    Alone(usize),
    /// A label and its value.
    Value {
        field: usize,
        value: &'a str,
        /// No blank, TAB or colon tells them apart.
        glued: bool,
    },
    /// The label of a list or map with a rest that may just as well be the start of a sentence.
    Weak { field: usize, value: &'a str },
    /// It begins with no label.
    None,
}

impl Labels {
    /// Labels and the shapes of their fields, which are numbered in this order.
    pub(super) fn new(table: impl Iterator<Item = (&'static str, Shape)>) -> Self {
        let mut labels: Vec<_> =
            table.enumerate().map(|(number, (label, shape))| (label, number, shape)).collect();
        labels.sort_by_key(|(label, ..)| std::cmp::Reverse(label.len()));
        Self { labels }
    }

    /// The shape of the field with this number.
    pub(super) fn shape(&self, field: usize) -> Option<Shape> {
        self.labels.iter().find(|(_, number, _)| *number == field).map(|(.., shape)| *shape)
    }

    /// Looks for a label at the start of a line, longest first; any case, `_` or `-` for a blank.
    pub(super) fn read<'a>(&self, line: &'a str) -> Labelled<'a> {
        let line = line.trim();
        let mut weak = Labelled::None;
        for (label, field, shape) in &self.labels {
            let Some(rest) = strip_label(line, label) else { continue };
            let field = *field;
            let value = rest.trim_start();
            if value.is_empty() || value == ":" {
                return Labelled::Alone(field);
            }
            let glued = value.len() == rest.len();
            if let Some(value) = value.strip_prefix(':') {
                return Labelled::Value { field, value: value.trim_start(), glued: false };
            }
            if rest.starts_with('\t') || shape.accepts_glued(value) {
                return Labelled::Value { field, value, glued };
            }
            if shape.is_container() && weak == Labelled::None {
                weak = Labelled::Weak { field, value };
            }
        }
        weak
    }
}

/// What follows `label` at the start of `line`.
fn strip_label<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let mut rest = line;
    for expected in label.chars() {
        let mut chars = rest.chars();
        let found = chars.next()?;
        rest = chars.as_str();
        if expected == ' ' && (found.is_whitespace() || matches!(found, '_' | '-')) {
            rest = rest.trim_start();
        } else if !found.eq_ignore_ascii_case(&expected) {
            return None;
        }
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_values() {
        let name = |field: usize| META_FIELDS[field].name;
        for (line, field, value) in [
            ("topictools for tracing", "topic", "tools for tracing"),
            ("code languagepython", "code_language", "python"),
            ("Code_Language: python", "code_language", "python"),
            ("code\u{a0}language\tpython", "code_language", "python"),
            ("reading time9", "reading_time", "9"),
            ("reading time: about nine", "reading_time", "about nine"),
            ("view count 685431", "view_count", "685431"),
            ("hash4239ab", "hash", "4239ab"),
            ("referenceanp-ref-1", "reference", "anp-ref-1"),
            ("TOPIC  x", "topic", "x"),
            ("stack: python", "stack", "python"),
            ("summary:: x", "summary", ": x"),
        ] {
            match LABELS.read(line) {
                Labelled::Value { field: found, value: read, .. } => {
                    assert_eq!((name(found), read), (field, value), "{line}");
                }
                other => panic!("{line}: {other:?}"),
            }
        }
        for line in ["stack", "Stack:", "ai outline", "image  sources ", "similar posts"] {
            assert!(matches!(LABELS.read(line), Labelled::Alone(_)), "{line}");
        }
        for line in ["stack traces help", "scoreboard", "notesbook"] {
            assert!(matches!(LABELS.read(line), Labelled::Weak { .. }), "{line}");
        }
        for line in
            ["", "hash tables are fun", "reading time is short", "reference books help", "colour", "code"]
        {
            assert_eq!(LABELS.read(line), Labelled::None, "{line}");
        }
    }
}
