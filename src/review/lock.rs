//! Who holds the lock of a log.

use super::log_file::Identity;

/// The process that holds the lock of a file. `None` on systems other than Linux, which do not tell.
#[cfg(target_os = "linux")]
pub(super) fn holder(file: Identity) -> Option<u32> {
    holder_in(&std::fs::read_to_string("/proc/locks").ok()?, file)
}

/// The process that holds the lock of a file: this system does not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn holder(_file: Identity) -> Option<u32> {
    None
}

/// `1: FLOCK  ADVISORY  WRITE 1234 fd:01:5678 0 EOF`; a line with `->` waits for the lock.
#[cfg(target_os = "linux")]
fn holder_in(locks: &str, (device, inode): Identity) -> Option<u32> {
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    let exact = format!("{major:02x}:{minor:02x}:{inode}");
    let near = format!(":{inode}");
    let held = || {
        locks.lines().filter(|line| !line.contains("->")).filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            Some((*words.get(5)?, words.get(4)?.parse::<u32>().ok()?))
        })
    };
    // Some file systems show another device here than to who asks for the file.
    let by = |is_it: &dyn Fn(&str) -> bool| held().find(|(file, _)| is_it(file)).map(|(_, pid)| pid);
    by(&|file| file == exact).or_else(|| by(&|file| file.ends_with(&near)))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn the_holder_is_found_and_not_who_waits() {
        let locks = "1: FLOCK  ADVISORY  WRITE 11 08:01:77 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 12 fd:02:77 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 13 fd:02:78 0 EOF\n\
                     3: POSIX  ADVISORY  READ 14 00:2a:79 128 128\n";
        let device = rustix::fs::makedev(0xfd, 2);
        assert_eq!(holder_in(locks, (device, 77)), Some(12));
        assert_eq!(holder_in(locks, (device, 78)), None);
        assert_eq!(holder_in(locks, (device, 79)), Some(14));
        assert_eq!(holder_in("", (device, 77)), None);
    }

    #[test]
    fn it_is_us_who_hold_what_we_have_locked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().lock().unwrap();
        let metadata = file.as_file().metadata().unwrap();
        assert_eq!(holder((metadata.dev(), metadata.ino())), Some(std::process::id()));
    }
}
