//! A process that somebody else may kill, by SIGKILL, at any instant.

use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a sender may take until it is taken to hang.
const LONGEST: Duration = Duration::from_mins(5);

#[derive(Clone, Default)]
pub struct Victim(Arc<Mutex<Option<Child>>>);

impl Victim {
    pub fn start(&self, command: &mut Command) {
        // Whoever wants to kill it as soon as it is heard of waits here until it is known.
        let mut child = self.0.lock().unwrap();
        *child = Some(command.spawn().unwrap());
    }

    pub fn kill(&self) {
        if let Some(child) = self.0.lock().unwrap().as_mut() {
            // It may have ended by itself; it is not reaped before `end`, so the number is nobody else's.
            let _ = child.kill();
        }
    }

    pub fn is_running(&self) -> bool {
        self.0.lock().unwrap().as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// Waits for its end; whether it was killed.
    #[track_caller]
    pub fn end(&self) -> bool {
        let began = Instant::now();
        while self.is_running() {
            if began.elapsed() > LONGEST {
                self.kill();
                panic!("a sender hangs");
            }
            thread::sleep(Duration::from_millis(1));
        }
        let status = self.0.lock().unwrap().as_mut().unwrap().wait().unwrap();
        // Done, failed, or to be run again; a panic ends with 101.
        assert!(matches!(status.code(), None | Some(0 | 1 | 75)), "{status:?}");
        status.code().is_none()
    }
}
