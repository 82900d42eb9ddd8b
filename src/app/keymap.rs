//! Which key does what. The default is a file of assets/; everything that names a key reads it here.

use std::collections::{BTreeMap, HashMap};

use super::action::{ACTIONS, Action};
use super::key::KeyPress;

/// The keymap that is built in.
const DEFAULT: &str = include_str!("../../assets/keymap.toml");

/// Keys and their actions.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    actions: HashMap<KeyPress, Action>,
    /// In the order of [`ACTIONS`], each with its keys in the order in which they were named.
    keys: Vec<(Action, Vec<KeyPress>)>,
    /// What a person has changed of it, and from which actions keys were taken for that.
    changed: Vec<(Action, Vec<Action>)>,
}

/// What is wrong with a keymap.
#[derive(Debug, thiserror::Error)]
pub enum KeymapError {
    /// The file is not TOML with one text an action.
    #[error("the keymap is not a table of actions and their keys: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A key's name.
    #[error("action {action:?}: {source}")]
    Key {
        /// The action it was given for.
        action: String,
        /// What is wrong with it.
        source: super::key::KeyError,
    },
    /// An action's name.
    #[error("there is no action {0:?}; `?` lists them")]
    Action(String),
    /// One key for two actions.
    #[error("the key {key} is given to {first} and to {second}; expected one of them")]
    Twice {
        /// The key.
        key: String,
        /// The action that has it.
        first: &'static str,
        /// The action that wants it.
        second: String,
    },
}

impl Keymap {
    /// Reads a keymap: `action = "key key"`.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let mut table: BTreeMap<String, String> = toml::from_str(text)?;
        let mut map = Self::default();
        for row in ACTIONS {
            let Some(names) = table.remove(row.name) else { continue };
            let mut keys = Vec::new();
            for name in names.split_whitespace() {
                let key: KeyPress = name
                    .parse()
                    .map_err(|source| KeymapError::Key { action: row.name.to_owned(), source })?;
                if let Some(first) = map.actions.insert(key, row.action).and_then(Action::row) {
                    let (key, second) = (key.to_string(), row.name.to_owned());
                    return Err(KeymapError::Twice { key, first: first.name, second });
                }
                keys.push(key);
            }
            map.keys.push((row.action, keys));
        }
        match table.into_keys().next() {
            Some(unknown) => Err(KeymapError::Action(unknown)),
            None => Ok(map),
        }
    }

    /// The keymap that is built in. A test sees to it that it can be read.
    pub fn built_in() -> Self {
        Self::parse(DEFAULT).unwrap_or_default()
    }

    /// Gives an action these keys and no others; those that another action has are taken from it.
    pub(super) fn give(&mut self, action: Action, keys: Vec<KeyPress>) {
        if keys == self.keys(action) {
            return;
        }
        self.actions.retain(|_, owner| *owner != action);
        let mut robbed = Vec::new();
        for key in &keys {
            if let Some(owner) = self.actions.insert(*key, action).filter(|owner| *owner != action) {
                robbed.push(owner);
                if let Some((_, kept)) = self.keys.iter_mut().find(|(known, _)| *known == owner) {
                    kept.retain(|kept| kept != key);
                }
            }
        }
        match self.keys.iter_mut().find(|(known, _)| *known == action) {
            Some((_, old)) => *old = keys,
            None => self.keys.push((action, keys)),
        }
        self.changed.retain(|(known, _)| *known != action);
        self.changed.push((action, robbed));
    }

    /// What a person has changed of the built-in keys, a line each.
    pub fn changes(&self) -> Vec<String> {
        let name = |action: Action| action.row().map_or("", |row| row.name);
        let line = |(action, robbed): &(Action, Vec<Action>)| {
            let keys = match self.names(*action) {
                keys if keys.is_empty() => "no key".to_owned(),
                keys => keys,
            };
            let robbed: Vec<&str> = robbed.iter().map(|owner| name(*owner)).collect();
            let from = if robbed.is_empty() {
                String::new()
            } else {
                format!(" (taken from {})", robbed.join(", "))
            };
            format!("{}: {keys}{from}", name(*action))
        };
        self.changed.iter().map(line).collect()
    }

    /// The action that a person has given a key of this one last.
    pub(super) fn taker(&self, robbed: Action) -> Option<Action> {
        let mut changed = self.changed.iter().rev();
        changed.find(|(_, from)| from.contains(&robbed)).map(|(taker, _)| *taker)
    }

    /// What a key does.
    pub fn action(&self, key: KeyPress) -> Option<Action> {
        self.actions.get(&key).copied()
    }

    /// The keys of an action; none when it has none.
    pub fn keys(&self, action: Action) -> &[KeyPress] {
        self.keys.iter().find(|(known, _)| *known == action).map_or(&[], |(_, keys)| keys)
    }

    /// The keys of an action as people read them: `j down`.
    pub fn names(&self, action: Action) -> String {
        self.keys(action).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_keymap_gives_every_action_a_key() {
        let map = Keymap::parse(DEFAULT).unwrap();
        for row in ACTIONS {
            assert!(!map.keys(row.action).is_empty(), "{} has no key", row.name);
        }
        assert_eq!(map.names(Action::Down), "j down");
        assert_eq!(map.action(KeyPress::char('r')), Some(Action::Reviewed));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("down = \"jj\"", "action \"down\": no key is called \"jj\""),
            ("dwn = \"j\"", "there is no action \"dwn\""),
            ("down = \"j\"\nup = \"j\"", "the key j is given to down and to up"),
            ("down = 3", "not a table of actions"),
        ] {
            let error = Keymap::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
