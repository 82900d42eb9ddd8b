//! A folder of its own in which commands are run, and what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::program::copydesk;

/// A folder that is gone with the test.
pub struct Shell {
    pub folder: tempfile::TempDir,
}

/// What a command has said, and how it ended.
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: i32,
}

/// Makes a named pipe.
pub fn fifo(path: &Path) {
    nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).unwrap();
}

impl Shell {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with the five posts.
    pub fn new() -> Self {
        let shell = Self::empty();
        shell.write("posts.jsonl", super::posts());
        shell
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// What lies in the folder.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `copydesk` in the folder; words are split at blanks, and `_` stands for one.
    pub fn command(&self, line: &str) -> Command {
        let mut command = copydesk(self.folder.path());
        command.args(line.split_whitespace().map(|word| word.replace('_', " ")));
        command
    }

    /// Runs it.
    pub fn run(&self, line: &str) -> Said {
        Said::of(self.command(line).output().unwrap())
    }

    /// Runs what must go well, whatever it says beside it.
    #[track_caller]
    pub fn fine(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, 0, "{line}: {}", said.err);
        said
    }

    /// Runs what must be refused with these words.
    #[track_caller]
    pub fn refused(&self, line: &str, words: &str) {
        refused(self.run(line), words);
    }
}

impl Said {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code().unwrap() }
    }
}

/// All was well, and nothing was said beside it; what was printed.
#[track_caller]
pub fn fine(said: Said) -> String {
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.out
}

/// It could not be done, and why was said without an escape.
#[track_caller]
pub fn refused(said: Said, words: &str) {
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains(words), "{}", said.err);
    assert!(!said.err.contains('\u{1b}'), "{:?}", said.err);
}
