//! The program as a command that is deaf to whatever the machine it is tested on is set up to.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the machine may say and the program must not hear.
pub const UNHEARD: [&str; 3] = ["NO_COLOR", "COPYDESK_REVIEWER", "COPYDESK_THEME"];

/// What is said instead: who decides, and that everything that is kept is kept below a folder.
pub fn home(folder: &Path) -> [(&'static str, PathBuf); 4] {
    [
        ("USER", "mara".into()),
        ("COPYDESK_DATA_DIR", folder.join("data")),
        ("COPYDESK_CACHE_DIR", folder.join("cache")),
        ("COPYDESK_CONFIG_DIR", folder.join("config")),
    ]
}

/// `copydesk`, run in a folder, with nothing to read.
pub fn copydesk(folder: &Path) -> Command {
    deaf(Command::new(env!("CARGO_BIN_EXE_copydesk")), folder)
}

/// Any program that runs it.
pub fn deaf(mut command: Command, folder: &Path) -> Command {
    for name in UNHEARD {
        command.env_remove(name);
    }
    command.current_dir(folder).envs(home(folder)).stdin(Stdio::null());
    command
}
