//! Queries that have a name: saved, forgotten, and listed with the number of posts that each finds.

use std::sync::Arc;

use super::{Action, App, Effect, KeyCode, KeyPress, Popup, PopupKind};
use crate::model::figures::grouped;
use crate::model::safe;
use crate::page::{Page, PageLine, Role, cut, first_shown, fit};
use crate::query::{Names, Query, Question};

/// For a name, its `@` with it. Unit: columns, as below.
const NAME_WIDTH: usize = 18;
const COUNT_WIDTH: usize = 11;

/// The named queries, while they are looked at.
#[derive(Debug)]
pub struct NamedList {
    rows: Vec<NamedRow>,
    /// Those that can be counted: their places among the rows.
    counted: Vec<usize>,
}

#[derive(Debug)]
struct NamedRow {
    name: String,
    text: String,
    /// How many posts it finds, once that is known; or what is wrong with it.
    posts: Result<Option<usize>, String>,
}

impl App {
    /// Lists the named queries, and has the posts of each counted.
    pub(super) fn open_named(&mut self) {
        let (mut rows, mut counted, mut queries) = (Vec::new(), Vec::new(), Vec::new());
        for (name, text) in self.names.iter() {
            let posts = match Query::parse_with(text, &self.names) {
                Ok(query) => {
                    counted.push(rows.len());
                    queries.push(Arc::new(query));
                    Ok(None)
                }
                Err(error) => Err(error.to_string()),
            };
            rows.push(NamedRow { name: name.to_owned(), text: text.to_owned(), posts });
        }
        if rows.is_empty() {
            self.say("No query has a name yet: filter, and then :save NAME");
            self.popup = None;
            return;
        }
        let scroll =
            self.popup.filter(|popup| popup.kind == PopupKind::Queries).map_or(0, |popup| popup.scroll);
        self.popup = Some(Popup { kind: PopupKind::Queries, scroll: scroll.min(rows.len() - 1) });
        self.named = Some(NamedList { rows, counted });
        self.drop_count();
        if !queries.is_empty() {
            self.ask_count(Question::Counts(queries));
        }
    }

    /// The posts of one of them were counted.
    pub(super) fn take_named_count(&mut self, at: usize, posts: usize) {
        let Some(named) = &mut self.named else { return };
        let row = named.counted.get(at).and_then(|at| named.rows.get_mut(*at));
        row.into_iter().for_each(|row| row.posts = Ok(Some(posts)));
    }

    /// A key while they are listed; whether it meant something here.
    pub(super) fn press_in_named(&mut self, chosen: usize, key: KeyPress) -> bool {
        let Some(name) = self.named.as_ref().and_then(|named| Some(named.rows.get(chosen)?.name.clone()))
        else {
            return false;
        };
        match (self.keymap.action(key), key.code) {
            (Some(Action::Open), _) => {
                self.popup = None;
                self.drop_count();
                self.set_query(format!("@{name}"));
                if let Some(error) = self.list.error.as_ref().map(ToString::to_string) {
                    self.warn(error);
                }
            }
            (Some(Action::Unreviewed), _) | (_, KeyCode::Delete) => {
                self.forget_name(&name);
                self.open_named();
            }
            _ => return false,
        }
        true
    }

    /// `:save NAME`: gives the query of the list a name.
    pub(super) fn save_command(&mut self, rest: &str) -> Result<(), String> {
        let name = rest.trim().trim_start_matches('@');
        if !Names::is_name(name) {
            return Err("save: expected a name of letters, digits, - and _, as in :save py-low".to_owned());
        }
        if let Some(error) = &self.list.error {
            return Err(format!("save: the filter is no query yet: {error}"));
        }
        if self.list.query.is_empty() {
            return Err("save: there is no filter to give a name to; type one first".to_owned());
        }
        // A query must not be made of itself.
        let mut names = self.names.clone();
        names.remove(name);
        let text = match Query::parse_with(&self.list.text, &names) {
            Ok(_) => self.list.text.trim().to_owned(),
            Err(_) => self.list.query.to_string(),
        };
        let before = self.names.insert(name, &text);
        // Others are made of this one, and it may be made of them.
        if let Err(error) = Query::parse_with(&format!("@{name}"), &self.names) {
            match before {
                Some(before) => drop(self.names.insert(name, before)),
                None => drop(self.names.remove(name)),
            }
            return Err(format!("save: {error}"));
        }
        self.say(match before.filter(|before| *before != text) {
            Some(before) => format!("@{name} is {text} now, and was {before}"),
            None => format!("@{name} is {text}"),
        });
        self.ask(Effect::SaveName { name: name.to_owned(), query: Some(text) });
        Ok(())
    }

    /// `:forget NAME`.
    pub(super) fn forget_command(&mut self, rest: &str) -> Result<(), String> {
        let name = rest.trim().trim_start_matches('@');
        if self.names.get(name).is_none() {
            let near = crate::query::nearest(name, self.names.iter().map(|(name, _)| name));
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            return Err(format!("forget: no query has the name {name:?}{near}"));
        }
        self.forget_name(name);
        Ok(())
    }

    fn forget_name(&mut self, name: &str) {
        let Some(text) = self.names.remove(name) else { return };
        self.say(format!("Forgotten: @{name}, which was {text}; type that and :save {name} to have it back"));
        self.ask(Effect::SaveName { name: name.to_owned(), query: None });
    }
}

impl NamedList {
    /// The last one that can be chosen.
    pub(super) fn last(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The query on a line of such a box.
    pub(super) fn row_at(&self, chosen: usize, height: usize, line: usize) -> Option<usize> {
        let row = first_shown(chosen, height, self.rows.len()) + line;
        (row < self.rows.len()).then_some(row)
    }

    /// The lines of a box of this size around the one that is chosen.
    pub fn page(&self, chosen: usize, width: u16, height: usize) -> Page {
        let mut page = Page::new(width);
        let first = first_shown(chosen, height, self.rows.len());
        for (at, row) in self.rows.iter().enumerate().skip(first).take(height) {
            let is_chosen = at == chosen;
            let (count, role) = match &row.posts {
                Ok(Some(posts)) => (grouped(*posts), Role::Text),
                Ok(None) => ("…".to_owned(), Role::Quiet),
                Err(_) => ("✗".to_owned(), Role::Bad),
            };
            let line = PageLine::default()
                .own(Role::Label, if is_chosen { "▸ " } else { "  " })
                .own(
                    if is_chosen { Role::Chosen } else { Role::Label },
                    fit(&format!("@{}", safe(&row.name)), NAME_WIDTH),
                )
                .own(role, format!("{count:>COUNT_WIDTH$}  "));
            let room = usize::from(width).saturating_sub(line.width());
            let (text, role) = match &row.posts {
                Err(why) => (why, Role::Bad),
                Ok(_) => (&row.text, Role::Text),
            };
            page.push(line.own(role, cut(safe(text).as_str(), room)));
        }
        page
    }
}
