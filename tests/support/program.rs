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

/// Runs a program as in a container: whoever leads its session and its job outside is not seen in it.
pub const CONTAINED: [&str; 5] = ["unshare", "--user", "--map-root-user", "--pid", "--fork"];

/// Whether that can be done here. Says so if not.
#[allow(clippy::print_stdout)]
pub fn has_containers() -> bool {
    let can = Command::new(CONTAINED[0]).args(&CONTAINED[1..]).arg("true").status();
    let can = can.is_ok_and(|status| status.success());
    if !can {
        println!("SKIP: no unshare here that makes a space of processes");
    }
    can
}
